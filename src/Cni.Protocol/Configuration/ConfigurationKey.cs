namespace Cni.Protocol;

/// <summary>A text inside an object at the top of the configuration, such as <c>ipam</c>.<c>socket</c>. Matched in any case.</summary>
/// <param name="Parent">Key of the object, ASCII.</param>
/// <param name="Name">Key of the text in it, ASCII.</param>
public readonly record struct ConfigurationKey(string Parent, string Name);
