namespace Cni.Protocol.Tests;

/// <summary>A stream whose other end is broken.</summary>
internal sealed class BrokenStream : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Flush() => throw new IOException("broken pipe");

    public override int Read(byte[] buffer, int offset, int count) => throw new IOException("broken pipe");

    public override void Write(byte[] buffer, int offset, int count) => throw new IOException("broken pipe");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
