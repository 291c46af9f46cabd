using System;
using System.IO;

namespace HvIntrospect.Mmio;

/// <summary>An Arm PrimeCell UART (PL011), revision r1p5.</summary>
/// <remarks>
/// <para>The transmitter is infinitely fast: a byte leaves at once and the transmit FIFO is always empty. Received bytes wait in a FIFO
/// of 32 (or a holding register of 1 while LCR_H.FEN is 0); what the host offers beyond that is refused, so nothing is ever overrun.
/// The receive timeout passes at once: it is raised whenever bytes wait below the FIFO's trigger level.
/// Modem lines, DMA, IrDA and break or framing errors do not exist: their registers keep what is written and have no effect.</para>
/// <para>Thread-safe. The transmit and interrupt callbacks are called without a lock held, on the thread that caused them.</para>
/// </remarks>
public sealed class Pl011 : IMmioDevice, IStatefulDevice
{
    /// <summary>The size of the register block in bytes.</summary>
    public const ulong Size = 0x1000;

    private const int FifoDepth = 32;
    private const uint LineControlFifoEnable = 1U << 4;
    private const uint ControlEnable = 1U << 0;
    private const uint ControlLoopback = 1U << 7;
    private const uint ControlTransmitEnable = 1U << 8;
    private const uint ControlReceiveEnable = 1U << 9;
    private const uint FlagReceiveEmpty = 1U << 4;
    private const uint FlagReceiveFull = 1U << 6;
    private const uint FlagTransmitEmpty = 1U << 7;
    private const uint InterruptReceive = 1U << 4;
    private const uint InterruptTransmit = 1U << 5;
    private const uint InterruptReceiveTimeout = 1U << 6;
    private const uint AllInterrupts = 0x7FF;

    private readonly object _stateLock = new();
    private readonly Action<byte> _transmit;
    private readonly Action<bool>? _interrupt;
    private Pl011State _state = Pl011State.OfReset(FifoDepth, ControlTransmitEnable | ControlReceiveEnable, fifoLevels: 0x12);

    /// <summary>Makes a UART.</summary>
    /// <param name="transmit">Receives each byte that the guest transmits.</param>
    /// <param name="interrupt">Receives the level of the combined interrupt line whenever it changes, or null.</param>
    /// <exception cref="ArgumentNullException"><paramref name="transmit"/> is null.</exception>
    public Pl011(Action<byte> transmit, Action<bool>? interrupt = null)
    {
        _transmit = transmit ?? throw new ArgumentNullException(nameof(transmit));
        _interrupt = interrupt;
    }

    private enum Register : uint
    {
        Data = 0x000,
        ReceiveStatus = 0x004,
        Flags = 0x018,
        PowerCounter = 0x020,
        IntegerBaudRate = 0x024,
        FractionalBaudRate = 0x028,
        LineControl = 0x02C,
        Control = 0x030,
        FifoLevels = 0x034,
        InterruptMask = 0x038,
        RawInterrupts = 0x03C,
        MaskedInterrupts = 0x040,
        InterruptClear = 0x044,
        Dma = 0x048,
    }

    /// <summary>Gets a value indicating whether the combined interrupt line is high.</summary>
    public bool InterruptLine
    {
        get
        {
            lock (_stateLock)
            {
                return (_state.Raw & _state.Mask) != 0;
            }
        }
    }

    private static ReadOnlySpan<byte> Identification => [0x11, 0x10, 0x34, 0x00, 0x0D, 0xF0, 0x05, 0xB1];

    private int Capacity => (_state.LineControl & LineControlFifoEnable) != 0 ? FifoDepth : 1;

    /// <summary>Makes a UART that transmits to a stream, byte by byte; the stream is not flushed and not closed.</summary>
    /// <param name="output">The stream. The guest's bytes come from the threads of its vCPUs.</param>
    /// <param name="interrupt">Receives the level of the combined interrupt line whenever it changes, or null.</param>
    /// <returns>The UART.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="output"/> is null.</exception>
    public static Pl011 ToStream(Stream output, Action<bool>? interrupt = null) =>
        output is null ? throw new ArgumentNullException(nameof(output)) : new Pl011(output.WriteByte, interrupt);

    /// <summary>Offers bytes to the receiver.</summary>
    /// <param name="data">The bytes.</param>
    /// <returns>How many were taken: the receiver is off, or its FIFO is full, when it is less than offered. Offer the rest again later.</returns>
    public int Receive(ReadOnlySpan<byte> data)
    {
        int taken = 0;
        bool changed;
        bool line;
        lock (_stateLock)
        {
            const uint Needed = ControlEnable | ControlReceiveEnable;
            if ((_state.Control & (Needed | ControlLoopback)) == Needed)
            {
                while (taken < data.Length && TryEnqueue(data[taken]))
                {
                    taken++;
                }
            }

            changed = UpdateLine(out line);
        }

        Announce(changed, line);
        return taken;
    }

    /// <inheritdoc/>
    public ulong Read(in MmioAccess access) => Read(access.Offset, access.Size);

    /// <inheritdoc/>
    public void Write(in MmioAccess access, ulong value) => Write(access.Offset, access.Size, value);

    /// <summary>Reads registers for the host, with all effects of a guest's access.</summary>
    /// <param name="offset">The first byte.</param>
    /// <param name="size">1 to 8 bytes.</param>
    /// <returns>The data; bits above the size are undefined.</returns>
    public ulong Read(ulong offset, int size)
    {
        bool changed;
        bool line;
        ulong value;
        lock (_stateLock)
        {
            // Registers are 4 bytes apart; a wider access reads the next one too, a narrower one takes a part.
            int shift = (int)(offset & 3) * 8;
            value = ReadRegister((uint)offset & ~3U);
            if (size > 4)
            {
                value |= (ulong)ReadRegister(((uint)offset & ~3U) + 4) << 32;
            }

            value >>= shift;
            changed = UpdateLine(out line);
        }

        Announce(changed, line);
        return value;
    }

    /// <summary>Writes registers for the host, as firmware does before the guest runs.</summary>
    /// <param name="offset">The first byte.</param>
    /// <param name="size">1 to 8 bytes.</param>
    /// <param name="value">The data.</param>
    public void Write(ulong offset, int size, ulong value)
    {
        if ((offset & 3) != 0)
        {
            // The upper bytes of every register are reserved.
            return;
        }

        WriteOne((uint)offset, (uint)value);
        if (size > 4)
        {
            WriteOne((uint)offset + 4, (uint)(value >> 32));
        }
    }

    /// <inheritdoc/>
    public object SaveState()
    {
        lock (_stateLock)
        {
            return _state.Copy();
        }
    }

    /// <inheritdoc/>
    public void RestoreState(object state)
    {
        if (state is not Pl011State saved)
        {
            throw new ArgumentException("The state is not of a UART.", nameof(state));
        }

        lock (_stateLock)
        {
            _state = saved.Copy();
        }
    }

    private void WriteOne(uint offset, uint value)
    {
        bool changed;
        bool line;
        bool transmitted;
        lock (_stateLock)
        {
            transmitted = WriteRegister(offset, value);
            changed = UpdateLine(out line);
        }

        if (transmitted)
        {
            _transmit((byte)value);
        }

        Announce(changed, line);
    }

    private uint ReadRegister(uint offset)
    {
        if (offset is >= 0xFE0 and < 0x1000)
        {
            return Identification[(int)(offset - 0xFE0) >> 2];
        }

        return (Register)offset switch
        {
            Register.Data => Dequeue(),
            Register.Flags => FlagTransmitEmpty | (_state.Count == 0 ? FlagReceiveEmpty : 0) | (_state.Count >= Capacity ? FlagReceiveFull : 0),
            Register.PowerCounter => _state.PowerCounter,
            Register.IntegerBaudRate => _state.IntegerBaudRate,
            Register.FractionalBaudRate => _state.FractionalBaudRate,
            Register.LineControl => _state.LineControl,
            Register.Control => _state.Control,
            Register.FifoLevels => _state.FifoLevels,
            Register.InterruptMask => _state.Mask,
            Register.RawInterrupts => _state.Raw,
            Register.MaskedInterrupts => _state.Raw & _state.Mask,
            Register.Dma => _state.Dma,
            _ => 0,
        };
    }

    /// <summary>Writes one register.</summary>
    /// <returns>True when the byte leaves the UART.</returns>
    private bool WriteRegister(uint offset, uint value)
    {
        switch ((Register)offset)
        {
            case Register.Data:
                return Transmit((byte)value);
            case Register.PowerCounter:
                _state.PowerCounter = value & 0xFF;
                break;
            case Register.IntegerBaudRate:
                _state.IntegerBaudRate = value & 0xFFFF;
                break;
            case Register.FractionalBaudRate:
                _state.FractionalBaudRate = value & 0x3F;
                break;
            case Register.LineControl:
                if (((_state.LineControl ^ value) & LineControlFifoEnable) != 0)
                {
                    // Turning the FIFOs on or off empties them.
                    _state.Count = 0;
                    _state.Raw &= ~(InterruptReceive | InterruptReceiveTimeout);
                }

                _state.LineControl = value & 0xFF;
                break;
            case Register.Control:
                _state.Control = value & 0xFF87;
                break;
            case Register.FifoLevels:
                _state.FifoLevels = value & 0x3F;
                UpdateReceiveInterrupts();
                break;
            case Register.InterruptMask:
                _state.Mask = value & AllInterrupts;
                break;
            case Register.InterruptClear:
                _state.Raw &= ~value;
                break;
            case Register.Dma:
                _state.Dma = value & 7;
                break;
        }

        return false;
    }

    private bool Transmit(byte value)
    {
        const uint Needed = ControlEnable | ControlTransmitEnable;
        if ((_state.Control & Needed) != Needed)
        {
            return false;
        }

        _state.Raw |= InterruptTransmit;
        if ((_state.Control & ControlLoopback) == 0)
        {
            return true;
        }

        TryEnqueue(value);
        return false;
    }

    private bool TryEnqueue(byte value)
    {
        if (_state.Count >= Capacity)
        {
            return false;
        }

        _state.Fifo[(_state.First + _state.Count) % FifoDepth] = value;
        _state.Count++;
        UpdateReceiveInterrupts();
        return true;
    }

    private uint Dequeue()
    {
        if (_state.Count == 0)
        {
            return 0;
        }

        byte value = _state.Fifo[_state.First];
        _state.First = (_state.First + 1) % FifoDepth;
        _state.Count--;
        UpdateReceiveInterrupts();
        return value;
    }

    /// <summary>The receive interrupt follows the FIFO's level; the timeout is for bytes that wait below it.</summary>
    private void UpdateReceiveInterrupts()
    {
        int trigger = Capacity == 1 ? 1 : ((_state.FifoLevels >> 3) & 7) switch
        {
            0 => FifoDepth / 8,
            1 => FifoDepth / 4,
            2 => FifoDepth / 2,
            3 => FifoDepth * 3 / 4,
            _ => FifoDepth * 7 / 8,
        };
        _state.Raw &= ~(InterruptReceive | InterruptReceiveTimeout);
        if (_state.Count >= trigger)
        {
            _state.Raw |= InterruptReceive;
        }
        else if (_state.Count != 0)
        {
            _state.Raw |= InterruptReceiveTimeout;
        }
    }

    private bool UpdateLine(out bool line)
    {
        line = (_state.Raw & _state.Mask) != 0;
        bool changed = line != _state.Line;
        _state.Line = line;
        return changed;
    }

    private void Announce(bool changed, bool line)
    {
        if (changed)
        {
            _interrupt?.Invoke(line);
        }
    }
}
