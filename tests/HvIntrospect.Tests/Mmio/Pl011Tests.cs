using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using HvIntrospect.Mmio;
using Xunit;

namespace HvIntrospect.Tests.Mmio;

public sealed class Pl011Tests
{
    private const ulong Data = 0x00;
    private const ulong Flags = 0x18;
    private const ulong LineControl = 0x2C;
    private const ulong Control = 0x30;
    private const ulong FifoLevels = 0x34;
    private const ulong Mask = 0x38;
    private const ulong Raw = 0x3C;
    private const ulong Masked = 0x40;
    private const ulong Clear = 0x44;
    private const ulong ReceiveInterrupt = 1 << 4;
    private const ulong TransmitInterrupt = 1 << 5;
    private const ulong TimeoutInterrupt = 1 << 6;

    [Fact]
    public void TransmittedBytesReachTheStreamInOrder()
    {
        var output = new MemoryStream();
        var uart = Pl011.ToStream(output);
        Enable(uart);
        foreach (byte character in "hello"u8)
        {
            Assert.Equal(0UL, uart.Read(Flags, 4) & (1 << 5));
            uart.Write(Data, 4, character);
        }

        Assert.Equal("hello", Encoding.ASCII.GetString(output.ToArray()));
    }

    [Theory]
    [InlineData(0x000)]
    [InlineData(0x100)]
    [InlineData(0x201)]
    public void NothingLeavesWhileTheTransmitterOrTheUartIsOff(ulong control)
    {
        var uart = new Pl011(_ => Assert.Fail("A byte left."));
        uart.Write(Control, 4, control);
        uart.Write(Data, 4, 'x');
    }

    [Fact]
    public void TheResetStateIsTheManuals()
    {
        var uart = new Pl011(_ => { });
        Assert.Equal(0x300UL, uart.Read(Control, 4));
        Assert.Equal(0x12UL, uart.Read(FifoLevels, 4));
        Assert.Equal(0x90UL, uart.Read(Flags, 4));
        Assert.Equal(0UL, uart.Read(Raw, 4));
    }

    [Fact]
    public void TheIdentificationReadsByWordsAndByDoublewords()
    {
        var uart = new Pl011(_ => { });
        ulong[] expected = [0x11, 0x10, 0x34, 0x00, 0x0D, 0xF0, 0x05, 0xB1];
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], uart.Read(0xFE0 + (4 * (ulong)i), 4));
        }

        Assert.Equal(0x10_0000_0011UL, uart.Read(0xFE0, 8));
    }

    [Fact]
    public void AnEightByteWriteReachesTwoRegisters()
    {
        var uart = new Pl011(_ => { });
        uart.Write(0x24, 8, 0x0000_0015_0000_1234);
        Assert.Equal(0x1234UL, uart.Read(0x24, 4));
        Assert.Equal(0x15UL, uart.Read(0x28, 4));
    }

    [Fact]
    public void ReceivedBytesWaitUntilTheFifoIsFull()
    {
        var uart = new Pl011(_ => { });
        Assert.Equal(0, uart.Receive([1]));
        Enable(uart);
        uart.Write(LineControl, 4, 0x70);
        byte[] many = new byte[40];
        for (int i = 0; i < many.Length; i++)
        {
            many[i] = (byte)(i + 1);
        }

        Assert.Equal(32, uart.Receive(many));
        Assert.Equal(1UL << 6, uart.Read(Flags, 4) & (1 << 6));
        for (int i = 0; i < 32; i++)
        {
            Assert.Equal((ulong)(i + 1), uart.Read(Data, 4));
        }

        Assert.Equal(1UL << 4, uart.Read(Flags, 4) & (1 << 4));
        Assert.Equal(0UL, uart.Read(Data, 4));
    }

    [Fact]
    public void TheReceiveInterruptFollowsTheTriggerLevelAndTheTimeoutWhatIsBelow()
    {
        var uart = new Pl011(_ => { });
        Enable(uart);
        uart.Write(LineControl, 4, 0x70);
        uart.Write(FifoLevels, 4, 0);
        uart.Receive([1, 2, 3]);
        Assert.Equal(TimeoutInterrupt, uart.Read(Raw, 4));
        uart.Receive([4]);
        Assert.Equal(ReceiveInterrupt, uart.Read(Raw, 4));
        uart.Read(Data, 4);
        Assert.Equal(TimeoutInterrupt, uart.Read(Raw, 4));
        uart.Read(Data, 4);
        uart.Read(Data, 4);
        uart.Read(Data, 4);
        Assert.Equal(0UL, uart.Read(Raw, 4));
    }

    [Fact]
    public void TheInterruptLineIsAnnouncedWhenItChanges()
    {
        var levels = new List<bool>();
        var uart = new Pl011(_ => { }, levels.Add);
        Enable(uart);
        uart.Write(Data, 4, 'a');
        Assert.Empty(levels);
        uart.Write(Mask, 4, TransmitInterrupt);
        Assert.Equal([true], levels);
        Assert.True(uart.InterruptLine);
        Assert.Equal(TransmitInterrupt, uart.Read(Masked, 4));
        uart.Write(Data, 4, 'b');
        uart.Write(Clear, 4, TransmitInterrupt);
        Assert.Equal([true, false], levels);
        Assert.False(uart.InterruptLine);
    }

    [Fact]
    public void LoopbackReturnsWhatIsTransmitted()
    {
        var uart = new Pl011(_ => Assert.Fail("A byte left."));
        uart.Write(Control, 4, 0x381);
        uart.Write(Data, 4, 0x41);
        Assert.Equal(0x41UL, uart.Read(Data, 4));
        Assert.Equal(0, uart.Receive([1]));
    }

    private static void Enable(Pl011 uart) => uart.Write(Control, 4, 0x301);
}
