using System;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace HvIntrospect.Introspection;

/// <summary>Tells the embedder what is no event of a watch.</summary>
internal sealed class Reporter
{
    private readonly Action<IntrospectionReport>? _handler;
    private readonly ILogger _logger;
    private readonly ReportedSites _unowned = new();
    private readonly ReportedSites _unsupported = new();

    /// <summary>Makes a reporter.</summary>
    /// <param name="options">The handler and the logger.</param>
    public Reporter(IntrospectorOptions options)
    {
        _handler = options.ReportHandler;
        _logger = options.Logger ?? NullLogger.Instance;
    }

    /// <summary>Reports something each time.</summary>
    public void Report(IntrospectionReportKind kind, int vcpu, Va pc, Ipa ipa, uint opcode, string detail)
    {
        if (_handler is null && !_logger.IsEnabled(LogLevel.Warning))
        {
            return;
        }

        var report = new IntrospectionReport(kind, vcpu, pc, ipa, opcode, detail);
        _handler?.Invoke(report);
#pragma warning disable CA2254 // The report is the message.
        _logger.LogWarning(report.ToString());
#pragma warning restore CA2254
    }

    /// <summary>Reports an IPA that nobody owns, once for each PC.</summary>
    public void ReportUnowned(IntrospectionReportKind kind, int vcpu, Va pc, Ipa ipa, uint opcode, string detail)
    {
        if (!_unowned.TryAdd(pc, out bool isLast))
        {
            return;
        }

        Report(kind, vcpu, pc, ipa, opcode, detail);
        if (isLast)
        {
            Report(IntrospectionReportKind.UnownedReportsEnd, vcpu, pc, ipa, opcode, "further ones are not reported");
        }
    }

    /// <summary>Reports an access that the library cannot perform, once for each PC.</summary>
    public void ReportUnsupported(int vcpu, Va pc, Ipa ipa, uint opcode, string detail)
    {
        if (_unsupported.TryAdd(pc, out _))
        {
            Report(IntrospectionReportKind.UnsupportedAccess, vcpu, pc, ipa, opcode, detail);
        }
    }
}
