using System.Globalization;
using System.Text;

namespace IspBilling.Engine.Tests.Identity;

/// <summary>A movement as the bank knows it. Equal ones are different movements all the same.</summary>
internal sealed record BankMovement(int Id, DateOnly Day, long Minor, long? Symbol, string? Payer, string Name, string Text);

/// <summary>
/// A made-up month of an account, and the files that its bank makes of it: statements of a day, of any days, of a part of a day and of the
/// month, in the formats that the bank has. Written from the formats' own tables, not by the engine.
/// </summary>
internal sealed class BankMonth
{
    private static readonly Encoding Windows1250 = CodePagesEncodingProvider.Instance.GetEncoding(1250)!;
    private static readonly string[] Names = ["Novák Jan", "Dvořák Jiří", "Svoboda, Šárka", "Müller KG"];
    /// <summary>With check digits, by which the order of an account in a GPC file is told.</summary>
    private static readonly string[] Payers = ["2306693064/0800", "1234567899/0800", "2000145399/0800"];

    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    private readonly Random _random;
    private readonly bool _isFio;
    private readonly string _number;
    private readonly string _bank;
    private readonly Reference _references;
    private readonly bool _hasDocumentNumbers;
    private readonly long _opening;

    private enum Reference { None, Zero, Unique }

    public BankMonth(int seed)
    {
        _random = new Random(seed);
        _isFio = seed % 2 == 0;
        _bank = _isFio ? "2010" : "5500";
        _number = (2_000_000_000 + seed).ToString(Invariant);
        _references = (Reference)_random.Next(3);
        _hasDocumentNumbers = _random.Next(2) == 0;
        _opening = _random.Next(0, 1_000_000);
        Movements = [.. Enumerable.Range(0, _random.Next(3, 25)).Select(_ => new DateOnly(2026, 11, _random.Next(1, 31))).Order().SelectMany(Movement).Select((movement, id) => movement with { Id = id })];
    }

    public string Account => $"{_number}/{_bank}";

    public IReadOnlyList<BankMovement> Movements { get; }

    /// <summary>Some files, cut and overlapped at random, in any order; and what each tells.</summary>
    public IEnumerable<(string Name, byte[] Content, IReadOnlyList<BankMovement> Told)> Files()
    {
        for (var left = _random.Next(2, 6); left > 0; left--)
        {
            var (from, to) = Cut();
            var told = Movements.Skip(from).Take(to - from).ToList();
            var (name, content) = _random.Next(_isFio ? 5 : 3) switch
            {
                0 => ("month or days.gpc", Gpc([(from, to)])),
                1 => ("daily.gpc", Gpc(Days(from, to))),
                2 => ("camt.xml", Camt(from, to)),
                3 => ("fio.json", FioJson(from, to)),
                _ => ("fio.csv", FioCsv(from, to)),
            };
            yield return (name, content, told);
            if (_random.Next(8) == 0) yield return (name, content, told);
        }
    }

    /// <summary>Whole days mostly; now and then in the middle of one.</summary>
    private (int From, int To) Cut()
    {
        if (_random.Next(4) == 0) return (0, Movements.Count);
        var from = _random.Next(Movements.Count);
        var to = _random.Next(from, Movements.Count) + 1;
        if (_random.Next(5) == 0) return (from, to);
        while (from > 0 && Movements[from - 1].Day == Movements[from].Day) from--;
        while (to < Movements.Count && Movements[to].Day == Movements[to - 1].Day) to++;
        return (from, to);
    }

    private IEnumerable<BankMovement> Movement(DateOnly day)
    {
        var minor = new long[] { 499_00, 499_00, 699_00, 250_00, -1_000_00, -499_00 }[_random.Next(6)];
        long? symbol = minor > 0 && _random.Next(5) > 0 ? _random.Next(1, 6) : null;
        string? payer = _random.Next(4) > 0 ? Payers[_random.Next(Payers.Length)] : null;
        var movement = new BankMovement(0, day, minor, symbol, payer, Names[_random.Next(Names.Length)], $"internet {_random.Next(3)}");
        yield return movement;

        // The same once more, and nothing to tell the two apart.
        if (_random.Next(6) == 0) yield return movement;
    }

    private List<(int From, int To)> Days(int from, int to)
    {
        var days = new List<(int, int)>();
        for (var at = from; at < to;)
        {
            var end = at;
            while (end < to && Movements[end].Day == Movements[at].Day) end++;
            days.Add((at, end));
            at = end;
        }

        return days;
    }

    private long BalanceAt(int movement) => _opening + Movements.Take(movement).Sum(one => one.Minor);

    /// <summary>Of the movements, told in the order of the file: a bank's formats may order a day otherwise, each always the same way.</summary>
    private IEnumerable<BankMovement> Ordered(int from, int to) => Movements.Skip(from).Take(to - from);

    private byte[] Gpc(IEnumerable<(int From, int To)> statements)
    {
        var file = new StringBuilder();
        foreach (var (from, to) in statements)
        {
            var (first, last) = (Movements[from].Day, Movements[to - 1].Day);
            var head = string.Create(
                Invariant,
                $"074{Digits(_number, 16)}{"POSKYTOVATEL",-20}{first.AddDays(-1):ddMMyy}{Balance(BalanceAt(from))}{Balance(BalanceAt(to))}{new string('0', 14)}0{new string('0', 14)}0{((from * 31) + to) % 1000:000}{last:ddMMyy}{(_isFio ? "FIO" : "")}");
            file.Append(head.PadRight(128)).Append("\r\n");
            foreach (var one in Ordered(from, to))
            {
                var (number, bank) = one.Payer?.Split('/') is [var n, var b] ? (n, b) : ("", "0000");
                file.Append(Invariant, $"075{Digits(_number, 16)}{Digits(number, 16)}{Digits(_isFio ? $"{IdOf(one)}" : _hasDocumentNumbers ? $"{700_000 + one.Id}" : "", 13)}{Math.Abs(one.Minor):000000000000}{(one.Minor > 0 ? 2 : 1)}{one.Symbol ?? 0:0000000000}00{bank}0308{0:0000000000}{one.Day:ddMMyy}{(one.Name.Length > 20 ? one.Name[..20] : one.Name),-20}00203{one.Day:ddMMyy}").Append("\r\n");
            }
        }

        return Windows1250.GetBytes(file.ToString());
    }

    private byte[] Camt(int from, int to)
    {
        var entries = new StringBuilder();
        foreach (var one in Ordered(from, to))
        {
            var reference = _isFio ? $"{IdOf(one)}" : _references switch { Reference.None => null, Reference.Zero => "0", _ => $"R{100_000 + one.Id}" };
            var party = one.Minor > 0 ? "Dbtr" : "Cdtr";
            var account = one.Payer?.Split('/') is [var number, _] ? $"<{party}Acct><Id><Othr><Id>{number}/0800</Id></Othr></Id></{party}Acct>" : "";
            entries.Append(Invariant, $"<Ntry><Amt Ccy=\"CZK\">{Amount(Math.Abs(one.Minor))}</Amt><CdtDbtInd>{(one.Minor > 0 ? "CRDT" : "DBIT")}</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>{one.Day:yyyy-MM-dd}</Dt></BookgDt>");
            if (reference is not null) entries.Append(Invariant, $"<AcctSvcrRef>{reference}</AcctSvcrRef>");
            entries.Append(Invariant, $"<NtryDtls><TxDtls><Refs><EndToEndId>{(one.Symbol is { } symbol ? $"/VS{symbol}" : "NOTPROVIDED")}</EndToEndId></Refs><RltdPties><{party}><Nm>{one.Name.ToUpperInvariant()}</Nm></{party}>{account}</RltdPties></TxDtls></NtryDtls></Ntry>");
        }

        var (first, last) = (Movements[from].Day, Movements[to - 1].Day);
        return Encoding.UTF8.GetBytes(string.Create(Invariant, $"""
            <?xml version="1.0" encoding="UTF-8"?>
            <Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><GrpHdr><MsgId>{_random.Next()}</MsgId></GrpHdr><Stmt><Id>{_random.Next()}</Id><Acct><Id><Othr><Id>{Account}</Id></Othr></Id><Ccy>CZK</Ccy></Acct>
            {CamtBalance("OPBD", BalanceAt(from), first.AddDays(-1))}{CamtBalance("CLBD", BalanceAt(to), last)}{entries}</Stmt></BkToCstmrStmt></Document>
            """));
    }

    private static string CamtBalance(string type, long minor, DateOnly on) => string.Create(
        Invariant,
        $"<Bal><Tp><CdOrPrtry><Cd>{type}</Cd></CdOrPrtry></Tp><Amt Ccy=\"CZK\">{Amount(Math.Abs(minor))}</Amt><CdtDbtInd>{(minor < 0 ? "DBIT" : "CRDT")}</CdtDbtInd><Dt><Dt>{on:yyyy-MM-dd}</Dt></Dt></Bal>");

    private byte[] FioJson(int from, int to)
    {
        var movements = Ordered(from, to).Select(one => string.Create(Invariant, $$"""
            {"column22":{"value":{{IdOf(one)}},"id":22},"column0":{"value":"{{one.Day:yyyy-MM-dd}}+0100","id":0},"column1":{"value":{{Amount(one.Minor)}},"id":1},"column14":{"value":"CZK","id":14},
            "column2":{{Text(one.Payer?.Split('/')[0])}},"column3":{{Text(one.Payer is null ? null : "0800")}},"column5":{{Text(one.Symbol?.ToString(Invariant))}},"column10":{{Text(one.Name)}},"column16":{{Text(one.Text)}},"column8":{{Text("Platba")}} }
            """));
        return Encoding.UTF8.GetBytes(string.Create(Invariant, $$"""
            {"accountStatement":{"info":{"accountId":"{{_number}}","bankId":"2010","currency":"CZK","openingBalance":{{Amount(BalanceAt(from))}},"closingBalance":{{Amount(BalanceAt(to))}},
            "dateStart":"{{Movements[from].Day:yyyy-MM-dd}}+0100","dateEnd":"{{Movements[to - 1].Day:yyyy-MM-dd}}+0100"},"transactionList":{"transaction":[{{string.Join(',', movements)}}] } } }
            """));

        static string Text(string? value) => value is null ? "null" : $$"""{"value":"{{value}}","id":0}""";
    }

    private byte[] FioCsv(int from, int to)
    {
        var file = new StringBuilder(string.Create(Invariant, $"accountId;{_number}\r\nbankId;2010\r\ncurrency;CZK\r\nopeningBalance;{Comma(BalanceAt(from))}\r\nclosingBalance;{Comma(BalanceAt(to))}\r\ndateStart;{Movements[from].Day:dd.MM.yyyy}\r\ndateEnd;{Movements[to - 1].Day:dd.MM.yyyy}\r\n\r\n"));
        file.Append("ID operace;Datum;Objem;Měna;Protiúčet;Název protiúčtu;Kód banky;VS;Zpráva pro příjemce;Typ\r\n");
        foreach (var one in Ordered(from, to))
            file.Append(Invariant, $"{IdOf(one)};{one.Day:dd.MM.yyyy};{Comma(one.Minor)};CZK;{one.Payer?.Split('/')[0]};\"{one.Name}\";{(one.Payer is null ? "" : "0800")};{one.Symbol};{one.Text};Platba\r\n");
        return Encoding.UTF8.GetBytes(file.ToString());
    }

    private static long IdOf(BankMovement movement) => 26_000_000_001 + movement.Id;

    private static string Digits(string number, int length) => number.PadLeft(length, '0');

    private static string Balance(long minor) => string.Create(Invariant, $"{Math.Abs(minor):00000000000000}{(minor < 0 ? '-' : '+')}");

    private static string Amount(long minor) => (minor / 100m).ToString("0.00", Invariant);

    private static string Comma(long minor) => Amount(minor).Replace('.', ',');
}
