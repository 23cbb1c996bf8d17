using IspBilling.Domain;

namespace IspBilling.Engine.Accounts;

/// <summary>How an account decides: <see cref="AccountDecider.Decide"/>, or in the simulation the same with a deliberate bug around it.</summary>
public delegate Decision Deciding(AccountState state, AccountCommand command, DecisionContext context);
