using System.Reflection;
using System.Text.Json.Serialization.Metadata;

namespace IspBilling.Http.Contract;

/// <summary>
/// How values of the Domain stand in JSON, wherever a type of the desk has one as a member. So what people look at is one type, whether a page
/// or a program shows it, and only the values that JSON writes in another way are turned into their form, as they are written.
/// </summary>
public sealed class ValueForms
{
    private readonly Dictionary<Type, Form> _forms = [];

    private readonly record struct Form(Type Type, Func<object, object> Of);

    /// <summary>A value, a value that may be missing, and a list of values.</summary>
    public ValueForms Write<TValue, TForm>(Func<TValue, TForm> form)
        where TValue : notnull
        where TForm : class
    {
        var one = new Form(typeof(TForm), value => form((TValue)value));
        _forms[typeof(TValue)] = one;
        if (typeof(TValue).IsValueType) _forms[typeof(Nullable<>).MakeGenericType(typeof(TValue))] = one;
        _forms[typeof(IReadOnlyList<TValue>)] = new Form(typeof(IReadOnlyList<TForm>), list => ((IReadOnlyList<TValue>)list).Select(form).ToArray());
        return this;
    }

    internal void Apply(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object) return;
        for (var i = 0; i < type.Properties.Count; i++)
        {
            if (_forms.TryGetValue(type.Properties[i].PropertyType, out var form)) type.Properties[i] = Written(type, type.Properties[i], form);
        }
    }

    /// <summary>The member as its form, with everything else that was known of it: its name, its place, its description and whether it may be missing.</summary>
    private static JsonPropertyInfo Written(JsonTypeInfo type, JsonPropertyInfo member, Form form)
    {
        var read = member.Get ?? throw new InvalidOperationException($"{type.Type.Name}.{member.Name} cannot be read");
        var written = type.CreateJsonPropertyInfo(form.Type, member.Name);
        written.AttributeProvider = member.AttributeProvider;
        written.Get = owner => read(owner) is { } value ? form.Of(value) : null;
        written.IsGetNullable = written.IsSetNullable = member.IsGetNullable;

        // Only written: but what describes the interface asks whether a member must be there, which a member that could not be read may not.
        written.Set = (_, _) => throw new NotSupportedException($"{type.Type.Name} is not read from JSON");
        written.IsRequired = IsRequired(type.Type, (PropertyInfo)member.AttributeProvider!);
        return written;
    }

    private static bool IsRequired(Type type, PropertyInfo property) => type.GetConstructors()
        .SelectMany(constructor => constructor.GetParameters())
        .Any(parameter => parameter.Name == property.Name && !parameter.HasDefaultValue);
}
