#!/usr/bin/env bash
# Packs the packages into a folder of its own, looks into them, restores them into a clean project from there, and runs a watch.
# The third-party packages come from the sources that are configured on the machine.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

dotnet pack "$here/../../HvIntrospect.sln" -c Release -o "$work/feed" -v quiet --nologo
version=$(basename "$work"/feed/HvIntrospect.Interpreter.*.nupkg .nupkg | sed 's/^HvIntrospect\.Interpreter\.//')

holds() { # PACKAGE ENTRY…
    local package=$work/feed/$1.$version.nupkg entry list
    list=$(python3 -m zipfile -l "$package" 2>/dev/null || unzip -l "$package")
    for entry in "${@:2}"; do
        grep -q "$entry" <<<"$list" || { echo "$1: $entry is missing in the package." >&2; exit 1; }
    done
}

for package in HvIntrospect HvIntrospect.Interpreter HvIntrospect.Tooling; do
    holds "$package" README.md LICENSE icon.png "lib/net10.0/$package.dll" "lib/net10.0/$package.xml"
done
holds HvIntrospect lib/netstandard2.0/HvIntrospect.dll
holds HvIntrospect.Tooling lib/netstandard2.0/HvIntrospect.Tooling.dll

cp "$here/Smoke.csproj" "$here/Program.cs" "$work/"
cd "$work"
printf '<configuration><packageSources><add key="smoke" value="%s" /></packageSources></configuration>\n' "$work/feed" > NuGet.config
NUGET_PACKAGES=$work/packages dotnet run --project Smoke.csproj -p:HvIntrospectVersion="$version"
echo "smoke: the packages $version install and run"
