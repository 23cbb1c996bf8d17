using IspBilling.Engine.BillingRuns;

namespace IspBilling.Engine.Tests.BillingRuns;

public sealed class CourtesyTests
{
    private readonly Ticks _clock = new();
    private readonly Courtesy _courtesy;

    public CourtesyTests() => _courtesy = new Courtesy(_clock);

    [Fact]
    public void Is_due_while_many_ask_and_for_a_second_after()
    {
        Ask(5);
        Assert.True(_courtesy.IsDue);
        _clock.Second++;
        Assert.True(_courtesy.IsDue);
        _clock.Second++;
        Assert.False(_courtesy.IsDue);
    }

    [Fact]
    public void A_page_that_follows_the_runs_progress_slows_nothing()
    {
        for (; _clock.Second < 10; _clock.Second++)
        {
            Ask(2);
            Assert.False(_courtesy.IsDue);
        }
    }

    [Fact]
    public void What_was_asked_before_a_silence_is_forgotten()
    {
        Ask(100);
        _clock.Second += 7;
        Assert.False(_courtesy.IsDue);
    }

    [Fact]
    public void Is_due_for_three_seconds_after_another_process_said_so_and_is_not_passed_on()
    {
        _courtesy.Hear(peopleWait: true);
        _clock.Second += 2;
        Assert.True(_courtesy.IsDue);
        Assert.False(_courtesy.IsDueHere);
        _clock.Second++;
        Assert.False(_courtesy.IsDue);
    }

    private void Ask(int times)
    {
        for (var i = 0; i < times; i++) _courtesy.Asked();
    }

    private sealed class Ticks : TimeProvider
    {
        public long Second { get; set; }

        public override long TimestampFrequency => 10;

        public override long GetTimestamp() => Second * 10;
    }
}
