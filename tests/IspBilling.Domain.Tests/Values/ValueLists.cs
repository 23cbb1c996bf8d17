using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace IspBilling.Domain.Tests.Values;

/// <summary>What is compared to tell whether it changed is compared whole.</summary>
public class ValueLists
{
    [Fact]
    public void Lists_are_equal_when_their_elements_are_in_order()
    {
        ValueList<string> list = ["a", "b"];

        Assert.True(list == ["a", "b"] && list.Equals((object)(ValueList<string>)["a", "b"]));
        Assert.Equal(list.GetHashCode(), ((ValueList<string>)["a", "b"]).GetHashCode());
        Assert.True(list != ["b", "a"] && list != ["a"]);
        Assert.True(default == (ValueList<string>)[]);
        Assert.Equal(("b", 2, "[a, b]"), (list[1], list.Count, list.ToString()));
        Assert.Throws<IndexOutOfRangeException>(() => list[2]);
    }

    [Fact]
    public void No_record_writes_its_equality_by_hand() => Assert.Empty(
        from type in Records()
        let own = type.GetMethod("Equals", BindingFlags.Public | BindingFlags.Instance, [type])
        where own?.GetCustomAttribute<CompilerGeneratedAttribute>() is null
        select type.Name);

    public static TheoryData<Type> WithLists => [.. Records().Where(type => HasValueList(type))];

    /// <summary>Each member in turn is another: if the two still are equal, a change of it would never be stored.</summary>
    [Theory]
    [MemberData(nameof(WithLists))]
    public void Records_with_lists_differ_when_any_member_does(Type type)
    {
        var one = Made.Of(type, variant: 0);
        Assert.Equal(one, Made.Of(type, variant: 0));
        Assert.Equal(one.GetHashCode(), Made.Of(type, variant: 0).GetHashCode());
        var members = Made.Members(type).ToList();
        Assert.NotEmpty(members);
        Assert.All(members, member => Assert.NotEqual(one, Made.With(one, member, Made.Of(member.PropertyType, variant: 1))));
    }

    [Fact]
    public void The_issuer_and_the_dunning_step_are_among_them() =>
        Assert.Empty(new[] { typeof(Issuer), typeof(DunningStep) }.Except(Records().Where(type => HasValueList(type))));

    private static IEnumerable<Type> Records() =>
        typeof(Issuer).Assembly.GetTypes().Where(type => type is { IsClass: true, IsAbstract: false } && type.GetMethod("<Clone>$") is not null);

    /// <summary>Whoever has an immutable array beside it is not compared by value and does not claim to be.</summary>
    private static bool HasValueList(Type type) =>
        Made.Members(type).Any(member => member.PropertyType == typeof(CurrencyAmounts) || IsOf(member.PropertyType, typeof(ValueList<>)))
        && !Made.Members(type).Any(member => IsOf(member.PropertyType, typeof(ImmutableArray<>)));

    private static bool IsOf(Type type, Type generic) => type.IsGenericType && type.GetGenericTypeDefinition() == generic;

    /// <summary>Values of any type of the Domain, each in two variants that have nothing in common.</summary>
    private static class Made
    {
        /// <summary>What a value consists of; what is worked out of it is no member.</summary>
        public static IEnumerable<PropertyInfo> Members(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(member => member.SetMethod is not null);

        public static object With(object record, PropertyInfo member, object value)
        {
            var copy = record.GetType().GetMethod("<Clone>$")!.Invoke(record, null)!;
            member.SetValue(copy, value);
            return copy;
        }

        public static object Of(Type type, int variant)
        {
            if (Nullable.GetUnderlyingType(type) is { } inner) return Of(inner, variant);
            if (type == typeof(string)) return $"text {variant}";
            if (type == typeof(bool)) return variant == 1;
            if (type.IsEnum) return Enum.GetValues(type).GetValue(variant)!;
            if (type == typeof(Guid)) return new Guid(variant + 1, 0, 0, new byte[8]);
            if (type == typeof(DateOnly)) return new DateOnly(2026, 1, 1 + variant);
            if (type == typeof(Currency)) return variant == 0 ? Currency.Czk : Currency.Eur;
            if (type == typeof(CurrencyAmounts)) return CurrencyAmounts.Of((Money)Of(typeof(Money), variant));
            if (type.IsPrimitive) return Convert.ChangeType(variant + 1, type, System.Globalization.CultureInfo.InvariantCulture);
            if (IsOf(type, typeof(ValueList<>)) || IsOf(type, typeof(ImmutableArray<>))) return ListOf(type, type.GetGenericArguments()[0], variant);
            var constructor = type.GetConstructors().Where(one => one.GetParameters().Length > 0).MaxBy(one => one.GetParameters().Length)!;
            var made = constructor.Invoke([.. constructor.GetParameters().Select(parameter => Of(parameter.ParameterType, variant))]);
            foreach (var member in Members(type).Where(member => constructor.GetParameters().All(parameter => parameter.Name != member.Name)))
                member.SetValue(made, Of(member.PropertyType, variant));
            return made;
        }

        private static object ListOf(Type type, Type element, int variant) =>
            typeof(Made).GetMethod(type.GetGenericTypeDefinition() == typeof(ValueList<>) ? nameof(Values) : nameof(Immutable), BindingFlags.NonPublic | BindingFlags.Static)!
                .MakeGenericMethod(element).Invoke(null, [Of(element, variant)])!;

        private static ValueList<T> Values<T>(T item) => [item];

        private static ImmutableArray<T> Immutable<T>(T item) => [item];
    }
}
