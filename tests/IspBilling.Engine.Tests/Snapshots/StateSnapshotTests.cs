using IspBilling.Domain;
using IspBilling.Engine.Json;
using IspBilling.Engine.Snapshots;

namespace IspBilling.Engine.Tests.Snapshots;

public class StateSnapshotTests
{
    private static readonly DateOnly Day = new(2026, 1, 31);

    [Fact]
    public void A_state_with_everything_in_it_comes_back_as_it_was()
    {
        var read = StateSnapshot.Read(StateSnapshot.Write(Everything));

        Assert.Equal(JournalJson.StateText(Everything), JournalJson.StateText(read));
    }

    [Fact]
    public void Months_that_are_alike_take_few_bytes_and_come_back_as_they_were()
    {
        var regular = Regular(months: 24);

        var (year, two) = (StateSnapshot.Write(Regular(months: 12)).Length, StateSnapshot.Write(regular).Length);

        Assert.Equal(JournalJson.StateText(regular), JournalJson.StateText(StateSnapshot.Read(StateSnapshot.Write(regular))));
        Assert.InRange((two - year) / 12, 1, 60);
    }

    [Theory]
    [InlineData("bank/1")]
    [InlineData("")]
    [InlineData("0123456789abcdef0123456789abcdef")]
    [InlineData("0123456789ABCDEF0123456789ABCDEF")]
    [InlineData("0123456789abcdef0123456789abcdefg#2")]
    [InlineData("žluťoučký kůň úpěl ďábelské ódy!")]
    public void The_name_of_an_entry_comes_back_letter_by_letter(string entry)
    {
        var state = Regular(months: 1);
        state = state with { Payments = [state.Payments[0] with { Entry = entry }] };

        Assert.Equal(entry, StateSnapshot.Read(StateSnapshot.Write(state)).Payments[0].Entry);
    }

    [Fact]
    public void A_new_account_without_profile_and_currency_comes_back_as_it_was()
    {
        var state = AccountState.New(new AccountId(long.MaxValue));

        Assert.Equal(state, StateSnapshot.Read(StateSnapshot.Write(state)) with { Services = [], OneOffs = [], Documents = [], Payments = [], PastItems = [] });
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    [InlineData(-1)]
    [InlineData(0)]
    public void Money_of_any_size_and_sign_comes_back(long minor)
    {
        var state = AccountState.New(new AccountId(1)) with { Balance = new Money(minor, Currency.Eur) };

        Assert.Equal(state.Balance, StateSnapshot.Read(StateSnapshot.Write(state)).Balance);
    }

    [Fact]
    public void A_snapshot_cut_anywhere_is_refused()
    {
        var whole = StateSnapshot.Write(Everything).ToArray();

        for (var length = 0; length < whole.Length; length++) AssertRefused(whole.AsSpan(0, length).ToArray());
        AssertRefused([.. whole, 0]);
    }

    /// <summary>Fails when a shape changes and the format does not, and when a format that is still read is read otherwise than it was written.</summary>
    [Theory]
    [MemberData(nameof(ReadableFormats))]
    public void What_a_program_of_each_readable_format_stored_is_read_as_it_was_meant(byte format)
    {
        var (base64, meant) = Stored[format];
        var snapshot = Convert.FromBase64String(base64);

        Assert.Equal(format, snapshot[0]);
        Assert.Equal(JournalJson.StateText(meant), JournalJson.StateText(StateSnapshot.Read(snapshot)));
        if (StateSnapshot.IsCurrent(snapshot)) Assert.Equal(base64, Convert.ToBase64String(StateSnapshot.Write(meant)));
    }

    [Theory]
    [MemberData(nameof(ReadableFormats))]
    public void What_changed_after_the_last_document_is_folded_again_where_the_days_are_not_told_exactly(byte format)
    {
        var snapshot = Convert.FromBase64String(Stored[format].Base64);
        var changed = StateSnapshot.Read(snapshot) with { Documents = [] };
        var billed = changed with { Services = [.. changed.Services.Select(service => service with { ChangedSinceBilled = false })] };

        // From format 5 on they are.
        var areTold = format >= 5;
        Assert.True(changed.Services[0].ChangedSinceBilled);
        Assert.Equal((areTold, true), (StateSnapshot.IsWhole(snapshot, changed), StateSnapshot.IsWhole(snapshot, billed)));
        Assert.Equal(!areTold, changed.Services[0].Changes.IsEmpty);
    }

    [Theory]
    [InlineData(StateSnapshot.OldestReadable - 1)]
    [InlineData(StateSnapshot.Format + 1)]
    [InlineData(byte.MaxValue)]
    public void A_snapshot_of_a_format_that_is_not_read_is_told_apart(byte format)
    {
        var other = StateSnapshot.Write(Everything).ToArray();
        other[0] = format;

        Assert.False(StateSnapshot.IsReadable(other));
        Assert.False(StateSnapshot.IsCurrent(other));
        Assert.False(StateSnapshot.IsReadable([]));
        AssertRefused(other);
    }

    [Fact]
    public void Damaged_bytes_are_refused_or_read_as_some_state_and_nothing_else_happens()
    {
        var random = new Random(20261122);
        byte[][] sound = [StateSnapshot.Write(Everything).ToArray(), StateSnapshot.Write(Regular(months: 3)).ToArray(), Convert.FromBase64String(FirstFormat)];
        for (var i = 0; i < 20_000; i++)
        {
            var whole = sound[i % sound.Length];
            var damaged = whole.ToArray();
            for (var n = random.Next(1, 4); n > 0; n--) damaged[random.Next(1, damaged.Length)] = (byte)random.Next(256);
            try
            {
                StateSnapshot.Read(damaged);
            }
            catch (Exception refused) when (refused is FormatException or InvariantBrokenException)
            {
                // The two ways to say it; anything else fails the test.
            }
        }
    }

    public static TheoryData<byte> ReadableFormats =>
        [.. Enumerable.Range(StateSnapshot.OldestReadable, StateSnapshot.Format - StateSnapshot.OldestReadable + 1).Select(format => (byte)format)];

    /// <summary>
    /// Bytes as a program of each format wrote them, and the state that they mean today: what is new since then is filled in. Whoever raises
    /// the format adds an entry and keeps the others.
    /// </summary>
    private static Dictionary<byte, (string Base64, AccountState Meant)> Stored => new()
    {
        [1] = (WithoutDunning(FirstFormat), Before3),
        [2] = (WithoutDunning(SecondFormat), Before3),
        [3] = (
            "A0NaS+ckrAICAgEDG8W9bHXFpW91xI1rw70ga8WvxYggcy5yLm8uCkRsb3Vow6EgMQZQcmFoYQcxMTAgMDADQ1oJMTIzNDU2NzgLQ1oxMjM0NTY3OBBrdW5AZXhhbXBs" +
            "ZS5vcmcOKzQyMDc3Nzg4ODk5OQNjcwIBgMivoCUBDgcBAQZuZXQtMb6SLayVLQK+ki0FuBcDIAEC+ZItBtAPAQAACQICcL6SLQABmNMDAQAHZG9ob2RhBAJkvpIt9JMt" +
            "AN0LBnNsZXZhBQIGbMOpdG+Xky0AAQZjaGF0YQV6aW1hvpItwpItAAEBAPykWjgFAQEBBdGPLZjTAwG4FwJwAmTcCwIFHwYcBRECAQGgnAEBsAkCA88PAbAJv5ItAQIJ" +
            "+ZItAAy+ki3Cki3oJAICcr6SLQdSb3V0ZXKgH9DfDwEAAAsBAgGgvx8BtBABAmu+ki0LS29tcGVuemFjZdAPn5wBAQEADAAAAgISAILoxq8T/KRaHKCNBgHAuAIBAigB" +
            "CzI2OTAwMDAwMDEAAACPTgEBAZBOAQQCIAdiYW5rLzGw6gEB/KRaAgVDWjY1BAZvcmRlcgEHYmFuay8yAAIIB2JhbmsvM6wCAEVVUgAABgEBsOoBAQJMB2JhbmsvNLBt" +
            "AQAFQ1o2NQABoB8BAAJOB2JhbmsvNYcnAQAAAAECAAOgHwEBAugHAQIE/4gPAQIFbWFpbL6SLb+SLQAJdGhyb3R0bGXHki0Av5ItyZItAgHAki0BAQGwCQGoRgEBAQEC" +
            "EDJUdpi63P7vzauJMHEIbgNcP5AAAAAA",
            Before4),
        [4] = (
            "BENaS+ckrAICAgEDG8W9bHXFpW91xI1rw70ga8WvxYggcy5yLm8uCkRsb3Vow6EgMQZQcmFoYQcxMTAgMDADQ1oJMTIzNDU2NzgLQ1oxMjM0NTY3OBBrdW5AZXhhbXBsZS5v" +
            "cmcOKzQyMDc3Nzg4ODk5OQNjcwIBgMivoCUBDgcBAQZuZXQtMb6SLayVLQK+ki0FuBcDIAEC+ZItBtAPAQAACQICcL6SLQABmNMDAQAHZG9ob2RhBAJkvpIt9JMtAN0LBnNs" +
            "ZXZhBQIGbMOpdG+Xky0AAQZjaGF0YQV6aW1hvpItwpItAAEBAPykWjgFAQEBBdGPLZjTAwG4FwJwAmTcCwIFHwYcBRECAQGgnAEBsAkCA88PAbAJv5ItAQIJ+ZItAAIMvpIt" +
            "wpItA+gkA0MxAgJyvpItB1JvdXRlcqAf0N8PAQAACwECAaC/HwG0EAECa76SLQtLb21wZW56YWNl0A+fnAEBAQAMAAACAhIAgujGrxP8pFocoI0GAcC4AgECKAELMjY5MDAw" +
            "MDAwMQAAAI9OAQEBkE4BBAKgB2JhbmsvMbDqAQH8pFoCBUNaNjUEBm9yZGVyAQdiYW5rLzIAUAIIB2JhbmsvM6wCAEVVUgAABgEBsOoBAQJMB2JhbmsvNLBtAQAFQ1o2NQAB" +
            "oB8BAAJOB2JhbmsvNYcnAQAAAAECAAOgHwEBAugHAQIE/4gPAQIFbWFpbL6SLb+SLQAJdGhyb3R0bGXHki0Av5ItyZItAgHAki0BAQGwCQGoRgEBAQECEDJUdpi63P7vzauJ" +
            "MHEIbgNcP5AAAAAAAwNDMQoyMDI2LzAxMTe8ki2+ki2slS0YHgt6w6FzdXZrYSAzAfQDBAHYmgEARVVSBgNDMgIyAL6SLQAAAAAAAANDMwIzAL6SLb+SLQwAAAEAAAAA",
            Before5),
        [5] = (
            "BUNaS+ckrAICAgEDG8W9bHXFpW91xI1rw70ga8WvxYggcy5yLm8uCkRsb3Vow6EgMQZQcmFoYQcxMTAgMDADQ1oJMTIzNDU2NzgLQ1oxMjM0NTY3OBBrdW5AZXhhbXBsZS5vcmcOKzQy" +
            "MDc3Nzg4ODk5OQNjcwIBgMivoCUBDgZmaXJteQcBAQZuZXQtMb6SLayVLQK+ki0FuBcDIAEC+ZItBtAPAQAACQICcL6SLQABmNMDAQAHZG9ob2RhBAJkvpIt9JMtAN0LBnNsZXZhBQIG" +
            "bMOpdG+Xky0AAQZjaGF0YQV6aW1hvpItwpItAAEBAPykWjgFAQEBBdGPLZjTAwG4FwJwAmTcCwIFHwYcBRECAQGgnAEBsAkAAgPPDwGwCQHBki0Mv5ItAQIJ+ZItAAIMvpItwpItA+gk" +
            "A0MxAvmSLTwFEdqSLT4GAAEH2pItAAICAnK+ki0HUm91dGVyoB/Q3w8BAAALAQIBoL8fAbQQAQJrvpItC0tvbXBlbnphY2XQD5+cAQEBAAwAAAICEgCC6MavE/ykWhygjQYBwLgCAQIo" +
            "AQsyNjkwMDAwMDAxAAAAj04BAQGQTgEEAqAHYmFuay8xsOoBAfykWgIFQ1o2NQQGb3JkZXIBB2JhbmsvMgBQAggHYmFuay8zrAIARVVSAAAGAQGw6gEBAkwHYmFuay80sG0BAAVDWjY1" +
            "AAGgHwEAAk4HYmFuay81hycBAAAAAQIAA6AfAQEC6AcBAgT/iA8BAgVtYWlsvpItv5ItAAMCAQwBAb6SLQIMAgTAki0JdGhyb3R0bGXHki0Av5ItAADJki0CAcCSLQEBAbAJAahGAQEB" +
            "AQIQMlR2mLrc/u/Nq4kwcQhuA1w/kAAAAAADA0MxCjIwMjYvMDExN7ySLb6SLayVLRgeC3rDoXN1dmthIDMB9AMEAdiaAQBFVVIGA0MyAjIAvpItAAAAAAAAA0MzAjMAvpItv5ItDAAA" +
            "AQAAAAA=",
            Before6),
        [6] = (
            "BkNaS+ckrAICAgEDG8W9bHXFpW91xI1rw70ga8WvxYggcy5yLm8uCkRsb3Vow6EgMQZQcmFoYQcxMTAgMDADQ1oJMTIzNDU2NzgLQ1oxMjM0NTY3OBBrdW5AZXhhbXBsZS5vcmcO" +
            "KzQyMDc3Nzg4ODk5OQNjcwIBgMivoCUBDgZmaXJteQcBAQZuZXQtMb6SLayVLQK+ki0FuBcDIAEC+ZItBtAPAQAACQICcL6SLQABmNMDAQAHZG9ob2RhBAJkvpIt9JMtAN0LBnNs" +
            "ZXZhBQIGbMOpdG+Xky0AAQZjaGF0YQV6aW1hvpItwpItAAEBAPykWjgFAQEBBdGPLZjTAwG4FwJwAmTcCwIFHwYcBRECAQGgnAEBsAkAAgPPDwGwCQHBki0Mv5ItAQIJ+ZItAAIM" +
            "vpItwpItA+gkA0MxAvmSLTwFEdqSLT4GAAEH2pItAAICAnK+ki0HUm91dGVyoB/Q3w8BAAALAQIBoL8fAbQQAQJrvpItC0tvbXBlbnphY2XQD5+cAQEBAAwAAAICEgCC6MavE/yk" +
            "WhygjQYBwLgCAQIoAQsyNjkwMDAwMDAxAAAAj04BAQGQTgEEAqAHYmFuay8xsOoBAfykWgIFQ1o2NQQGb3JkZXIBB2JhbmsvMgBQAggHYmFuay8zrAIARVVSAAAGAQGw6gEBAkwH" +
            "YmFuay80sG0BAAVDWjY1AAGgHwEAAk4HYmFuay81hycBAAAAAQIAA6AfAQEC6AcBAgT/iA8BAgVtYWlsvpItv5ItAAMCAQwBAb6SLQIMAgTAki0JdGhyb3R0bGXHki0Av5ItAADJ" +
            "ki0CAcCSLQEBAbAJAahGAQEBAQIQMlR2mLrc/u/Nq4kwcQhuA1w/kAAAAAADA0MxCjIwMjYvMDExN7ySLb6SLayVLRgeC3rDoXN1dmthIDMB9AMEAdiaAQBFVVIGA0MyAjIAvpIt" +
            "AAAAAAAAA0MzAjMAvpItv5ItDAAAAQAAAAABAQ1ubyBzdWNoIHVzZXK+ki0=",
            Everything),
    };

    /// <summary>Three steps by place, the last of them on a day, and a promise: nobody can tell any more which steps, and about what.</summary>
    [Theory]
    [InlineData(FirstFormat)]
    [InlineData(SecondFormat)]
    public void A_snapshot_from_before_steps_had_names_is_folded_again_when_it_has_any(string base64)
    {
        var snapshot = Convert.FromBase64String(base64);

        Assert.False(StateSnapshot.IsReadable(snapshot));
        Assert.Throws<FormatException>(() => StateSnapshot.Read(snapshot));
        Assert.True(StateSnapshot.IsReadable(Convert.FromBase64String(WithoutDunning(base64))));
    }

    /// <summary>Both formats end in: how many steps, when the last was, until when payment is promised, and whether the client is exempt.</summary>
    private static string WithoutDunning(string base64)
    {
        const int Bytes = 8;
        return Convert.ToBase64String([.. Convert.FromBase64String(base64)[..^Bytes], 0, 0, 0, 1]);
    }

    /// <summary>The state of today's <see cref="Everything"/>, with three steps by place, as the second format wrote it.</summary>
    private const string SecondFormat =
        "AkNaS+ckrAICAgEDG8W9bHXFpW91xI1rw70ga8WvxYggcy5yLm8uCkRsb3Vow6EgMQZQcmFoYQcxMTAgMDADQ1oJMTIzNDU2NzgLQ1oxMjM0NTY3OBBrdW5A" +
        "ZXhhbXBsZS5vcmcOKzQyMDc3Nzg4ODk5OQNjcwIBgMivoCUBDgcBAQZuZXQtMb6SLayVLQK+ki0FuBcDIAEC+ZItBtAPAQAACQICcL6SLQABmNMDAQAHZG9o" +
        "b2RhBAJkvpIt9JMtAN0LBnNsZXZhBQIGbMOpdG+Xky0AAQZjaGF0YQV6aW1hvpItwpItAAEBAPykWjgFAQECAQGgnAEBsAkCA88PAbAJv5ItAQICcr6SLQdS" +
        "b3V0ZXKgH9DfDwEAAAsBAgGgvx8BtBABAmu+ki0LS29tcGVuemFjZdAPn5wBAQEADAAAAgISAILoxq8T/KRaHKCNBgHAuAIBAigBCzI2OTAwMDAwMDEAAACP" +
        "TgEBAZBOAQICIAdiYW5rLzGw6gEB/KRaAgVDWjY1BAZvcmRlcgEHYmFuay8yAAIIB2JhbmsvM6wCAEVVUgAABgEBsOoBAQIC/4gPAQO/ki3Jki0B";

    private static void AssertRefused(byte[] snapshot)
    {
        var refused = Record.Exception(() => StateSnapshot.Read(snapshot));
        Assert.True(refused is FormatException or InvariantBrokenException, $"{snapshot.Length} bytes: {refused}");
    }

    /// <summary>The same as the first format wrote it.</summary>
    private const string FirstFormat =
        "AUNaS+ckrAICAgEDG8W9bHXFpW91xI1rw70ga8WvxYggcy5yLm8uCkRsb3Vow6EgMQZQcmFoYQcxMTAgMDADQ1oJMTIzNDU2NzgLQ1oxMjM0NTY3OBBrdW5A" +
        "ZXhhbXBsZS5vcmcOKzQyMDc3Nzg4ODk5OQNjcwIBgMivoCUBDgcBAQZuZXQtMb6SLayVLQK+ki0FuBcDIAEC+ZItBtAPAQAACQICcL6SLQABmNMDAQAHZG9o" +
        "b2RhBAJkvpIt9JMtAN0LBnNsZXZhBQIGbMOpdG+Xky0AAQZjaGF0YQV6aW1hvpItwpItAAEBvpIt2pItBQEBAgEBoJwBAbAJAgPPDwGwCb+SLQECAnK+ki0H" +
        "Um91dGVyoB/Q3w8BAAALAQIBoL8fAbQQAQJrvpItC0tvbXBlbnphY2XQD5+cAQEBAAwAAAIBAAsyNjAwMDAwMDAxvpItzJItgrTj1wmgjQYBwLgCAQEAAgEL" +
        "MjY5MDAwMDAwMb6SLb6SLQCPTgGQTgEAAQGQTgECAQdiYW5rLzGw6gEBvpItAgVDWjY1Bm9yZGVyBAEAB2JhbmsvMgIHYmFuay8zrAIARVVSvpItAAAABgAB" +
        "AbDqAQEAAgL/iA8BA7+SLcmSLQE=";

    /// <summary>Three services of one price each, billed and paid monthly.</summary>
    private static AccountState Regular(int months) => Everything with
    {
        Services =
        [
            .. Enumerable.Range(1, 3).Select(number => new Service(
                number, $"S{number}", Day, null, [], [], [],
                [
                    .. Enumerable.Range(0, months).Select(month => new ChargedSegment(
                        new Period(Day.AddMonths(month), Day.AddMonths(month + 1)), new TariffId(number), PriceMode.Gross, VatCategory.Standard,
                        [new ChargePart(month + 1, number, Money.Czk(100 * number), new VatRate(2_100))])
                    {
                        Basis = new ChargeBasis(
                            new TariffId(number), Day, Money.Czk(100 * number), Quantity.One, null, null, 0, MonthShare.OneMonth, Cause: number + 1),
                    }),
                ],
                SettledUpTo: null, ChangedSinceBilled: false)),
        ],
        OneOffs = [],
        Documents =
        [
            .. Enumerable.Range(0, months).Select(month => new OpenDocument(
                month + 1, DocumentKind.Invoice, $"{2_600_000_000 + (month * 54_321)}", Day.AddMonths(month), Day.AddMonths(month).AddDays(14),
                new VariableSymbol(2_600_000_000 + (month * 54_321)), Money.Czk(600), Money.Czk(600), Disputed: false, [])),
        ],
        Payments =
        [
            .. Enumerable.Range(0, months).Select(month => new Payment(
                month + 1, $"{month:x32}", Money.Czk(600), Day.AddMonths(month).AddDays(7), new VariableSymbol(2_600_000_000 + (month * 54_321)),
                "2000000123/0800", null, MatchRule.ExactDocument, PaymentStatus.Booked, [new Allocation(month + 1, Money.Czk(600))])),
        ],
    };

    /// <summary>What format 5 does not tell, <see cref="StateSnapshot.FormatOfEmailMarks"/> does.</summary>
    private static AccountState Before6 => Everything with { EmailMark = null };

    /// <summary>
    /// What format 4 does not tell, <see cref="StateSnapshot.FormatOfTakenBack"/> and <see cref="StateSnapshot.FormatOfNotices"/> do: whoever was
    /// reminded before was not told.
    /// </summary>
    private static AccountState Before5 => Before6 with
    {
        Services =
        [
            .. Everything.Services.Select(service => service with
            {
                Changes = [],
                TakenBack = [],
                PastChanges = [],
                Charged = [.. service.Charged.Select(segment => segment with { Parts = [.. segment.Parts.Select(part => part with { Days = null })] })],
            }),
        ],
        Profile = Everything.Profile! with { Group = null },
        Dunning = Everything.Dunning with
        {
            Taken = [.. Everything.Dunning.Taken.Select(step => new TakenStep(step.Code, step.On, null, null))],
        },
    };

    /// <summary>What format 3 does not tell, <see cref="StateSnapshot.FormatOfKinds"/> does; nobody had a contract before it.</summary>
    private static AccountState Before4 => Before5 with
    {
        Contracts = [],
        Payments = [.. Everything.Payments.Select(payment => payment with { ChangedOn = null })],
        Services = [.. Before5.Services.Select(service => service with { Contract = null })],
    };

    /// <summary>What formats 1 and 2 do not tell, <see cref="StateSnapshot.FormatOfTerms"/> does.</summary>
    private static AccountState Before3 => Before4 with
    {
        Payments = [.. Before4.Payments.Take(2)],
        LastPayment = 2,
        Services =
        [
            .. Before4.Services.Select(service => service with
            {
                PushRevision = null,
                Charged = [.. service.Charged.Select(segment => segment with { Basis = null, BilledUnder = 0 })],
            }),
        ],
        TaxRemainders = [],
        PushRevision = null,
        PastItems = [],
        Dunning = DunningState.None with { Exempt = true },
    };

    private static AccountState Everything => new(
        new AccountId(4_711),
        Version: 300,
        AccountStatus.Closed,
        new AccountProfile(
            new IssuerId(3), "Žluťoučký kůň s.r.o.", new PostalAddress("Dlouhá 1", "Praha", "110 00", "CZ"), "12345678", "CZ12345678",
            "kun@example.org", "+420777888999", "cs", DeliveryPreference.Post, SymbolPolicy.PerAccount, new VariableSymbol(9_999_999_999),
            AllocationPolicy.OldestFirst, DueDays: 14)
        {
            Group = "firmy",
        },
        ProfileRevision: 7,
        [
            new Service(
                1, "net-1", Day, Day.AddYears(1),
                [
                    new ServiceTerms(Day, new TariffId(5), new Quantity(1_500), new BillingCycle(3, 31), BillingTiming.InArrears, Cause: 2),
                    new ServiceTerms(Day.AddMonths(2), new TariffId(6), Quantity.One, BillingCycle.Monthly, BillingTiming.InAdvance, Cause: 9),
                ],
                [
                    new SpecialPrice("p", Day, null, Money.Czk(299), null, "dohoda", 4),
                    new SpecialPrice("d", Day, Day.AddMonths(6), null, 1_500, "sleva", 5),
                ],
                [new Pause("léto", Day.AddMonths(3), null, Bills: true, "chata"), new Pause("zima", Day, Day.AddDays(3), Bills: false, "")],
                [
                    new ChargedSegment(
                        new Period(Day, Day.AddMonths(1)), new TariffId(5), PriceMode.Net, VatCategory.Reduced,
                        [new ChargePart(1, 1, Money.Czk(100), new VatRate(1_200)), new ChargePart(2, 3, Money.Czk(-10), new VatRate(1_200)) { Days = new Period(Day.AddDays(3), Day.AddDays(9)) }])
                    {
                        Basis = new ChargeBasis(
                            new TariffId(5), Day.AddYears(-1), Money.Czk(299), new Quantity(1_500), "p", "d", 1_500, new MonthShare(2, 5, 31, 6, 28), Cause: 5),
                        BilledUnder = 17,
                    },
                ],
                SettledUpTo: Day,
                ChangedSinceBilled: true)
            {
                PushRevision = 4_711,
                Contract = "C1",
                Changes = [new ServiceChange(9, Day.AddMonths(2), null, ChangeKind.End), new ServiceChange(12, Day, Day.AddDays(3), ChangeKind.Pause)],
                TakenBack =
                [
                    new TakenBackDays(new Period(Day.AddMonths(2), Day.AddMonths(3)), new TariffId(5), BilledUnder: 17),
                    new TakenBackDays(new Period(Day.AddMonths(1), Day.AddMonths(2)), new TariffId(6), BilledUnder: 0),
                ],
                PastChanges = [new ServiceChange(7, Day.AddMonths(1), null, ChangeKind.End)],
            },
        ],
        [
            new OneOff("r", Day, "Router", new Quantity(2_000), Money.Czk(1_290), PriceMode.Gross, VatCategory.Standard, 11, new ChargePart(2, 1, Money.Czk(2_580), new VatRate(2_100)), Cancelled: true),
            new OneOff("k", Day, "Kompenzace", Quantity.One, Money.Czk(-100), PriceMode.Net, VatCategory.Standard, 12),
        ],
        [
            new OpenDocument(1, DocumentKind.Invoice, "2600000001", Day, Day.AddDays(14), new VariableSymbol(2600000001), Money.Czk(500), Money.Czk(200), Disputed: true, []),
            new OpenDocument(2, DocumentKind.CreditNote, "2690000001", Day, Day, null, Money.Czk(-50), Money.Czk(50), Disputed: false, [new Allocation(1, Money.Czk(50))]),
        ],
        [
            new Payment(1, "bank/1", Money.Czk(150), Day, new VariableSymbol(1), "CZ65", "order", MatchRule.KnownPayer, PaymentStatus.Reversed, [], "bank/2") { ChangedOn = Day.AddDays(40) },
            new Payment(2, "bank/3", new Money(150, Currency.Eur), Day, null, null, null, MatchRule.Clerk, PaymentStatus.Booked, [new Allocation(1, Money.Czk(150))]),
            new Payment(3, "bank/4", Money.Czk(70), Day, null, "CZ65", null, MatchRule.Clerk, PaymentStatus.Booked, [], PaidBack: Money.Czk(20)),
            new Payment(
                4, "bank/5", Money.Czk(-25), Day, null, "CZ65", null, MatchRule.Clerk, PaymentStatus.Booked, [],
                Uses: [new CreditUse(CreditSource.Payment, 3, Money.Czk(20)), new CreditUse(CreditSource.CreditNote, 2, Money.Czk(5))]),
        ],
        LastDocument: 2,
        LastPayment: 4,
        Money.Czk(-1_234.56m),
        new DunningState(
            [
                new TakenStep("mail", Day, Day, null)
                {
                    By = DunningActions.Email | DunningActions.Sms,
                    Notices = [new Notice(MessageChannel.Email, 12, 1, NoticeStatus.Accepted, Day), new Notice(MessageChannel.Sms, 12, 2, NoticeStatus.Bounced, Day.AddDays(2))],
                },
                new TakenStep("throttle", Day.AddDays(9), null, Day),
            ],
            Day.AddDays(10), PromisedFor: 2, Exempt: true, RestoredOn: Day.AddDays(1)),
        ServiceLevel.Blocked)
    {
        PushRevision = 0,
        EmailMark = new EmailMark(EmailFault.Undeliverable, "no such user", Day),
        Contracts =
        [
            new Contract("C1", "2026/0117", Day.AddDays(-3), Day, Day.AddYears(1), 24, 30, "zásuvka 3", new EarlyEndTerms(500, 3, Money.Eur(99))) { PushRevision = 5 },
            new Contract("C2", "2", null, Day, null, 0, 0, null, null),
            new Contract("C3", "3", null, Day, Day, 12, 0, null, new EarlyEndTerms(0, null, null)),
        ],
        PastItems = [new PastItem(0xFEDC_BA98_7654_3210, 0x89AB_CDEF), PastItem.OfCancelled("i-1")],
        TaxRemainders = [new TaxRemainder(1, new VatGroup(VatCategory.Reduced, new VatRate(1_200), PriceMode.Net), Money.Czk(45), new Money(-1, Currency.Czk))],
    };
}
