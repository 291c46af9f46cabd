using System;
using HvIntrospect.Interpreter.Checking;

namespace HvIntrospect.Tests.Interpreter.Checking;

/// <summary>A rule, what breaks it, and the same done right.</summary>
internal sealed record RuleCase(ArchitectureRule Rule, Action<CheckedWorld> Break, Action<CheckedWorld> Keep);
