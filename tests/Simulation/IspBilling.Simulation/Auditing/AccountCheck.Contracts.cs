using IspBilling.Domain;

namespace IspBilling.Simulation.Auditing;

/// <summary>
/// Which contracts there are and which service belongs to which. What a service owes is worked out by <see cref="Owed"/>, which knows of no
/// contract: a charge that differed because of one would be found there.
/// </summary>
internal sealed partial class AccountCheck
{
    /// <summary>Numbers by reference.</summary>
    private readonly SortedDictionary<string, string> _contracts = new(StringComparer.Ordinal);

    /// <summary>References by number of the service.</summary>
    private readonly SortedDictionary<int, string> _contractOf = [];

    private void Contracted(AccountEvent happened, DurableCommit commit)
    {
        switch (happened)
        {
            case ContractAgreed { Contract: var agreed }:
                if (commit.Asked is not (null or PutContract)) _complain(Check.Contracts, $"{commit.Asked.GetType().Name} agreed contract {agreed.Reference}");
                foreach (var (reference, number) in _contracts)
                {
                    if (reference != agreed.Reference && number == agreed.Number) _complain(Check.Contracts, $"contracts {reference} and {agreed.Reference} both have the number {number}");
                }

                if (agreed.End < agreed.Start) _complain(Check.Contracts, $"contract {agreed.Reference} ends on {agreed.End:yyyy-MM-dd}, before it starts");
                _contracts[agreed.Reference] = agreed.Number;
                break;
            case ContractRemoved { Reference: var removed }:
                if (!_contracts.Remove(removed)) _complain(Check.Contracts, $"contract {removed} was removed, and there was none");
                foreach (var (service, reference) in _contractOf)
                {
                    if (reference == removed) _complain(Check.Contracts, $"contract {removed} was removed, and service {service} belongs to it");
                }

                break;
            case ServiceContractSet { Contract: null, Service: var service }:
                if (!_contractOf.Remove(service)) _complain(Check.Contracts, $"service {service} left a contract that it did not belong to");
                break;
            case ServiceContractSet { Contract: { } contract, Service: var service }:
                if (!_contracts.ContainsKey(contract)) _complain(Check.Contracts, $"service {service} names contract {contract}, which there is not");
                _contractOf[service] = contract;
                break;
        }
    }

    /// <summary>A line names the contract that its service belongs to, as long as it has terms of its own to name it among.</summary>
    private void RequireContractOf(Document document, DocumentLine line)
    {
        if (line is not { Service: { } service, Basis: { } basis }) return;
        var contract = _contractOf.GetValueOrDefault(service);
        if (basis.Contract != contract) _complain(Check.Contracts, $"line {line.Number} of {document.Number} names contract '{basis.Contract}', its service belongs to '{contract}'");
    }
}
