namespace Ipam.Core.Blocks;

/// <summary>What a read of a store brought. To enumerate it is to enumerate what is whole.</summary>
/// <param name="whole">What can be read.</param>
/// <param name="damaged">The blocks among those that were asked for that can't be read.</param>
public sealed class Found<T>(IReadOnlyList<T> whole, IReadOnlyList<DamagedBlock> damaged) : IReadOnlyList<T>
{
    /// <summary>All of it can be read.</summary>
    public Found(IReadOnlyList<T> whole) : this(whole, [])
    {
    }

    /// <summary>What can be read.</summary>
    public IReadOnlyList<T> Whole => whole;

    /// <summary>The blocks that can't be read.</summary>
    public IReadOnlyList<DamagedBlock> Damaged => damaged;

    /// <inheritdoc/>
    public int Count => whole.Count;

    /// <inheritdoc/>
    public T this[int index] => whole[index];

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => whole.GetEnumerator();

    /// <inheritdoc/>
    System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
}
