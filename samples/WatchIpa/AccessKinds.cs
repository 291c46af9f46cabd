using System;

namespace HvIntrospect.Samples.WatchIpa;

[Flags]
internal enum AccessKinds
{
    None = 0,
    Read = 1,
    Write = 2,
    ReadWrite = Read | Write,
}
