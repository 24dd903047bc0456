using System.Buffers;
using Cni.Protocol;
using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Core.Ledger;
using Ipam.Core.Stores;

namespace Ipam.Service.Mirror;

/// <summary>
/// The mirror of this node's leases in a file beside the spool. It outlives ipamd, so that a store that lost its data is mended also by an ipamd that
/// was started anew since. It needn't outlive the machine: its containers don't either. So nothing waits for the disk. A mirror that can't be
/// written is no reason to refuse anybody; it is tried again. Members may be called from several threads at once.
/// </summary>
internal sealed class MirrorFile : ILeaseMirror, IDisposable
{
    private const string FileName = "leases.mirror";
    private const int MostFormerNames = 8;
    private const long SmallFile = 1 << 20;

    private readonly string _path;
    private readonly ILogger _log;
    private readonly Lock _lock = new();
    private readonly MirrorLines _unwritten = new();
    private readonly MirroredBlocks _blocks;
    private readonly HashSet<LeaseToken> _inherited = [];
    private readonly HashSet<LeaseToken> _former = [];

    /// <summary>The leases that earlier runs knew; only until <see cref="Settle"/>.</summary>
    private HashSet<LeaseToken> _known = [];
    private readonly CarriedOutReleases _carriedOut = new();
    private MirrorHead _head;
    private StorePast? _past;
    private ArrayBufferWriter<byte>? _sinceRewrite;
    private FileStream? _file;
    private long _sizeOfRewritten;
    private bool _isBroken;

    /// <summary>The mirror in a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="node">The node's name.</param>
    /// <param name="log">Where trouble is told.</param>
    public MirrorFile(string folder, string node, ILogger log)
    {
        _path = Path.Combine(folder, FileName);
        _head = new MirrorHead(Guid.NewGuid().ToString("n"), MonotonicMoment.ThisBoot(), node, []);
        _log = log;
        _blocks = new MirroredBlocks(IsOurs);
    }

    /// <summary>Reads what earlier runs left, and goes on from there. To be called once, before all else.</summary>
    public void Load()
    {
        var content = MirrorContent.ReadFrom(_path, _log);
        if (content.Head is { } earlier)
        {
            var former = earlier.Node == _head.Node ? earlier.FormerNames : earlier.FormerNames.Prepend(earlier.Node);
            _head = _head with { Instance = earlier.Instance, FormerNames = [.. former.Where(name => name != _head.Node).Distinct().Take(MostFormerNames)] };
        }
        _past = content.Past;
        IsTakingOver = content.IsTakingOver;
        _former.UnionWith(content.Former);
        content.CarriedOut.ForEach(_carriedOut.Add);
        var blocks = content.Blocks();
        if (content.Head?.Node != _head.Node)
            _former.UnionWith(blocks.SelectMany(static block => block.Leases).Select(LeaseToken.Of).Where(token => !content.Inherited.Contains(token)));
        if (content.Head?.Boot == _head.Boot)
            blocks.ForEach(_blocks.Keep);
        _inherited.UnionWith(content.Inherited);
        _known.UnionWith(blocks.SelectMany(static block => block.Leases).Select(LeaseToken.Of));
        if (content.Head?.IsSameAs(_head) == true)
            (_file, _sizeOfRewritten) = (MirrorStream.TryGoOn(_path, content.Length), content.Length);
        if (_file is null)
            Rewrite();
    }

    /// <summary>Which machine this is: the same in all its runs.</summary>
    public string Instance => _head.Instance;

    /// <summary>The past of the store that the last run saw; null if there was none.</summary>
    public StorePast? Past => _past;

    /// <summary>What the node remembers of its earlier runs.</summary>
    public NodeMemory Memory
    {
        get
        {
            lock (_lock)
                return new(_head.FormerNames, _former, _blocks.All);
        }
    }

    /// <summary>The names of the node: the present one, and those that it had before.</summary>
    public IReadOnlyList<string> Names => [_head.Node, .. _head.FormerNames];

    /// <summary>What pods of this name hold for an interface in a network, in whatever container; of this node's leases.</summary>
    public IReadOnlyList<Lease> LeasesOf(string network, string interfaceName, PodReference pod)
    {
        lock (_lock)
            return _blocks.LeasesOf(network, interfaceName, pod);
    }

    /// <summary>Whether this machine handed the lease out, under whatever name. What another machine did under this node's name is not ours to judge.</summary>
    public bool IsOfThisMachine(Lease lease)
    {
        if (!IsOurs(lease))
            return false;
        lock (_lock)
            return _inherited.Count == 0 || !_inherited.Contains(LeaseToken.Of(lease));
    }

    /// <summary>Whether the node's name is being taken over: what the store confirms meanwhile and this machine didn't know is another machine's.</summary>
    public bool IsTakingOver { get; private set; }

    /// <summary>The name is to be taken over, until <see cref="Settle"/>.</summary>
    public void TakeOver() => SetTakingOver(true);

    /// <summary>All that was handed out under the node's name until now has been confirmed.</summary>
    public void Settle()
    {
        if (IsTakingOver)
            SetTakingOver(false);
        // Not emptied: that would keep the room for a million.
        lock (_lock)
            _known = [];
    }

    /// <summary>A spooled release was carried out; its file goes next.</summary>
    public void CarriedOut(string request)
    {
        if (request.Length == 0)
            return;
        lock (_lock)
        {
            _carriedOut.Add(request);
            _unwritten.WriteCarriedOut(request);
        }
        Flush();
    }

    /// <summary>Whether it was, among the last thousand.</summary>
    public bool IsCarriedOut(string request)
    {
        lock (_lock)
            return request.Length > 0 && _carriedOut.Contains(request);
    }

    /// <inheritdoc/>
    public void Confirmed(Block? before, Block after)
    {
        lock (_lock)
        {
            // The store's own object, also if it says the same: what was read from the file is not kept beside it.
            _blocks.Keep(after);
            if (before?.Version == after.Version)
                return;
            if (IsTakingOver)
                Inherit(after);
            if (before is null)
                _unwritten.WriteForget(after.Id);
            WriteChange(_unwritten, before, after);
        }
    }

    /// <inheritdoc/>
    public void Forgotten(BlockId id)
    {
        lock (_lock)
        {
            if (_blocks.Remove(id))
                _unwritten.WriteForget(id);
        }
    }

    /// <summary>The store's past, as it was just seen.</summary>
    public void Saw(StorePast past)
    {
        lock (_lock)
        {
            if (_past == past)
                return;
            _past = past;
            _unwritten.WritePast(past);
        }
        Flush();
    }

    /// <inheritdoc/>
    public void Flush()
    {
        lock (_lock)
        {
            if (_unwritten.Text.IsEmpty)
                return;
            _sinceRewrite?.Write(_unwritten.Text);
            try
            {
                // A file with a hole is worse than one that ends early: only a new one ends that.
                if (!_isBroken)
                    _file?.Write(_unwritten.Text);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Break(e);
            }
            _unwritten.Clear();
        }
    }

    /// <summary>To be called now and then: writes the file anew if it has grown, or couldn't be written.</summary>
    public void Tidy()
    {
        lock (_lock)
        {
            if (!_isBroken && (_file is null || _file.Length < SmallFile + (2 * _sizeOfRewritten)))
                return;
        }
        Rewrite();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file?.Dispose();
        _unwritten.Dispose();
    }

    /// <summary>Writes a new file beside the old one, and puts it in its place. What comes meanwhile goes to both.</summary>
    private void Rewrite()
    {
        var temporary = $"{_path}.new";
        FileStream? file = null;
        try
        {
            Block[] blocks;
            using var text = new MirrorLines();
            lock (_lock)
            {
                blocks = _blocks.All;
                _sinceRewrite = new ArrayBufferWriter<byte>();
                text.WriteHead(_head);
                if (_past is not null)
                    text.WritePast(_past);
                text.WriteTakingOver(IsTakingOver);
                foreach (var request in _carriedOut.All)
                    text.WriteCarriedOut(request);
                foreach (var lease in _inherited)
                    text.WriteToken(MirrorLines.Inherited, lease);
                foreach (var lease in _former)
                    text.WriteToken(MirrorLines.Former, lease);
            }
            file = MirrorStream.Create(temporary);
            foreach (var block in blocks)
            {
                WriteChange(text, null, block);
                if (text.Text.Length > SmallFile)
                    WriteOut();
            }
            WriteOut();
            lock (_lock)
            {
                _sizeOfRewritten = file.Length;
                file.Write(_sinceRewrite!.WrittenSpan);
                File.Move(temporary, _path, overwrite: true);
                _file?.Dispose();
                (_file, _sinceRewrite, _isBroken) = (file, null, false);
            }

            void WriteOut()
            {
                file!.Write(text.Text);
                text.Clear();
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            file?.Dispose();
            lock (_lock)
            {
                _sinceRewrite = null;
                Break(e);
            }
        }
    }

    private void WriteChange(MirrorLines to, Block? before, Block after)
    {
        foreach (var lease in after.Leases)
        {
            if (IsKept(lease) && before?.Holds(lease) != true)
                to.WriteLease(lease);
        }
        foreach (var lease in before?.Leases ?? [])
        {
            if (IsKept(lease) && (after.LeaseOf(lease.Address) is not { } next || !IsKept(next)))
                to.WriteGone(lease);
        }
        to.WriteBlock(after);
    }

    /// <summary>Written before the block, so that no crash makes its leases this machine's.</summary>
    private void Inherit(Block block)
    {
        foreach (var lease in block.Leases.Where(IsOurs).Select(LeaseToken.Of))
        {
            if (!_known.Contains(lease) && _inherited.Add(lease))
                _unwritten.WriteToken(MirrorLines.Inherited, lease);
        }
    }

    private bool IsKept(Lease lease) => IsOurs(lease) || lease.Owner.IsStatic;

    private bool IsOurs(Lease lease) => lease.Node == _head.Node || (_former.Count > 0 && _former.Contains(LeaseToken.Of(lease)));

    private void SetTakingOver(bool isGoingOn)
    {
        lock (_lock)
        {
            IsTakingOver = isGoingOn;
            _unwritten.WriteTakingOver(isGoingOn);
        }
        Flush();
    }

    private void Break(Exception e)
    {
        if (!_isBroken)
            Log.MirrorUnwritable(_log, _path, e.Message);
        _isBroken = true;
    }
}
