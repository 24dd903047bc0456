using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Ipam.Plugin.Probing;

/// <summary>
/// Lets a packet socket see nothing but untagged ARP and neighbour discovery, by a program that the kernel runs (bpf(4), socket(7) SO_ATTACH_FILTER): what else
/// a busy interface carries would fill the socket's buffer.
/// </summary>
internal static class PacketFilter
{
    private const int SocketLevel = 1; // SOL_SOCKET
    private const int AttachFilter = 26; // SO_ATTACH_FILTER
    private const int InstructionSize = 8; // struct sock_filter
    private const int PointerOffset = 8; // struct sock_fprog

    private const ushort LoadHalf = 0x28; // BPF_LD | BPF_H | BPF_ABS
    private const ushort LoadByte = 0x30; // BPF_LD | BPF_B | BPF_ABS
    private const ushort JumpIfEqual = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
    private const ushort Return = 0x06; // BPF_RET | BPF_K
    private const uint HasVlanTag = 0xfffff030; // SKF_AD_OFF + SKF_AD_VLAN_TAG_PRESENT
    private const uint Whole = 0xffff;

    // How many instructions to pass over if it is so, and if it isn't. The last two are where all ways lead.
    private static readonly (ushort Code, byte IfTrue, byte IfFalse, uint Value)[] Program =
    [
        (LoadByte, 0, 0, HasVlanTag),
        (JumpIfEqual, 0, 9, 0),
        (LoadHalf, 0, 0, EthernetFrame.TypeOffset),
        (JumpIfEqual, 6, 0, ArpQuestion.EtherType),
        (JumpIfEqual, 0, 6, NeighbourQuestion.EtherType),
        (LoadByte, 0, 0, NeighbourQuestion.NextHeaderOffset),
        (JumpIfEqual, 0, 4, NeighbourQuestion.IcmpV6),
        (LoadByte, 0, 0, NeighbourQuestion.TypeOffset),
        (JumpIfEqual, 1, 0, NeighbourQuestion.Advertisement),
        (JumpIfEqual, 0, 1, NeighbourQuestion.Solicitation),
        (Return, 0, 0, Whole),
        (Return, 0, 0, 0),
    ];

    /// <summary>Filters what the socket receives from now on.</summary>
    public static void Attach(Socket socket)
    {
        var program = new byte[Program.Length * InstructionSize];
        for (var i = 0; i < Program.Length; i++)
        {
            var (code, ifTrue, ifFalse, value) = Program[i];
            var instruction = program.AsSpan(i * InstructionSize);
            MemoryMarshal.Write(instruction, code);
            (instruction[2], instruction[3]) = (ifTrue, ifFalse);
            MemoryMarshal.Write(instruction[4..], value);
        }
        var pinned = GCHandle.Alloc(program, GCHandleType.Pinned);
        try
        {
            Span<byte> option = stackalloc byte[PointerOffset + IntPtr.Size];
            option.Clear();
            MemoryMarshal.Write(option, (ushort)Program.Length);
            MemoryMarshal.Write(option[PointerOffset..], pinned.AddrOfPinnedObject());
            socket.SetRawSocketOption(SocketLevel, AttachFilter, option);
        }
        finally
        {
            pinned.Free();
        }
    }
}
