using System.Collections.Generic;

namespace HvIntrospect.Samples.Stage2Dump;

/// <summary>What the command line asks for.</summary>
/// <param name="Source">Where the tables come from.</param>
/// <param name="Save">The file that receives an image of the tables, or null.</param>
/// <param name="ShowsGeometry">True to print the facts of the geometry.</param>
/// <param name="Translate">The addresses to walk to.</param>
/// <param name="Reverse">The physical addresses whose IPAs are wanted.</param>
/// <param name="Budget">How many walks each question may take.</param>
/// <param name="IsJson">True to print JSON.</param>
internal sealed record Options(
    ISource Source, string? Save, bool ShowsGeometry, IReadOnlyList<Ipa> Translate, IReadOnlyList<Pa> Reverse, long Budget, bool IsJson);
