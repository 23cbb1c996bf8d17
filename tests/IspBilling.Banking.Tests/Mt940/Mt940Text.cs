namespace IspBilling.Banking.Tests.Mt940;

/// <summary>MT940 statements written by hand.</summary>
internal static class Mt940Text
{
    /// <summary>Account, VS, SS and KS, note, message: as Czech banks divide the field.</summary>
    public const string Czech = "?00Prichozi platba?20000019-2000145399/0800?210000000007?220000000042?230308?24poznamka?28Platba za inter?29net?32NOVAK JAN";

    public const string German = "166?00GUTSCHRIFT?20EREF+E2E-77?21SVWZ+Rechnung VS: 7 Intern?22et Februar?30COBADEFF?31DE89370400440532013000?32Max Muster?33mann";

    public static string Statement(
        string movements = "", string opening = "1000,00", string closing = "1000,00", string account = "CZ9320100000002000145399", string openingTag = "60F", string closingTag = "62F",
        string number = "2/1") =>
        $":20:STARTUMS\r\n:25:{account}\r\n:28C:{number}\r\n:{openingTag}:C260131CZK{opening}\r\n{movements}:{closingTag}:C260201CZK{closing}\r\n:64:C260201CZK{closing}\r\n-\r\n";

    public static string Movement(string mark = "C", string amount = "499,00", string dates = "2601310201", string reference = "NONREF//B1", string details = Czech) =>
        $":61:{dates}{mark}{amount}NTRF{reference}\r\n:86:{details}\r\n";
}
