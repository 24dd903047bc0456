namespace Ipam.Cli.Output;

/// <summary>Prints things one after the other.</summary>
internal interface IListWriter<in T>
{
    /// <summary>Prints one more, now or in the end.</summary>
    void Add(T item);

    /// <summary>Prints what is left, after the last.</summary>
    void Complete();
}
