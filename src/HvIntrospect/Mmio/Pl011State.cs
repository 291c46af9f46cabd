namespace HvIntrospect.Mmio;

/// <summary>Everything that a <see cref="Pl011"/> remembers: its registers, the FIFO of received bytes and its interrupt line.</summary>
internal struct Pl011State
{
    /// <summary>The received bytes; a ring.</summary>
    public byte[] Fifo;

    /// <summary>The place of the oldest byte in the ring.</summary>
    public int First;

    /// <summary>The number of bytes in the ring.</summary>
    public int Count;

    /// <summary>UARTILPR.</summary>
    public uint PowerCounter;

    /// <summary>UARTIBRD.</summary>
    public uint IntegerBaudRate;

    /// <summary>UARTFBRD.</summary>
    public uint FractionalBaudRate;

    /// <summary>UARTLCR_H.</summary>
    public uint LineControl;

    /// <summary>UARTCR.</summary>
    public uint Control;

    /// <summary>UARTIFLS.</summary>
    public uint FifoLevels;

    /// <summary>UARTIMSC.</summary>
    public uint Mask;

    /// <summary>UARTRIS.</summary>
    public uint Raw;

    /// <summary>UARTDMACR.</summary>
    public uint Dma;

    /// <summary>The level of the interrupt line as it was told last.</summary>
    public bool Line;

    /// <summary>Makes the state out of reset.</summary>
    /// <param name="depth">The size of the FIFO.</param>
    /// <param name="control">UARTCR.</param>
    /// <param name="fifoLevels">UARTIFLS.</param>
    /// <returns>The state.</returns>
    public static Pl011State OfReset(int depth, uint control, uint fifoLevels) => new() { Fifo = new byte[depth], Control = control, FifoLevels = fifoLevels };

    /// <summary>Copies the state, the FIFO included.</summary>
    /// <returns>The copy.</returns>
    public readonly Pl011State Copy()
    {
        Pl011State copy = this;
        copy.Fifo = (byte[])Fifo.Clone();
        return copy;
    }
}
