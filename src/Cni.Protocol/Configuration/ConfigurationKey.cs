using System.Text.Json;

namespace Cni.Protocol;

/// <summary>A text, or a number or a truth value as it is written, inside an object at the top of the configuration, such as <c>ipam</c>.<c>socket</c>. Matched in any case.</summary>
/// <param name="Parent">Key of the object, ASCII.</param>
/// <param name="Name">Key of the value in it, ASCII.</param>
/// <param name="Kind">What it must be: a text, a number, or (<see cref="JsonValueKind.True"/>) true or false.</param>
public readonly record struct ConfigurationKey(string Parent, string Name, JsonValueKind Kind = JsonValueKind.String);
