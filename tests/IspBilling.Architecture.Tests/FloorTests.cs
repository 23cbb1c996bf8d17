namespace IspBilling.Architecture.Tests;

public sealed class FloorTests
{
    [Fact]
    public void Every_project_has_its_floor() => Assert.All(Repository.ProductProjects, project => Assert.True(Floors.Has(project.Name), project.Name));

    [Fact]
    public void References_point_down_only() =>
        Assert.Empty(Repository.ProductProjects.SelectMany(p => p.References.Select(to => Floors.Refusal(p.Name, to))).OfType<string>());

    [Fact]
    public void The_domain_stands_on_the_base_class_library_alone()
    {
        var domain = Repository.ProductProjects.Single(p => p.Name == "IspBilling.Domain");

        Assert.Empty(domain.References);
        Assert.Empty(domain.Packages);
        Assert.Empty(domain.FrameworkReferences);
    }

    [Fact]
    public void The_engine_is_neutral_to_host_and_database()
    {
        var engine = Repository.ProductProjects.Single(p => p.Name == "IspBilling.Engine");

        Assert.DoesNotContain("Microsoft.AspNetCore.App", engine.FrameworkReferences);
        Assert.Empty(engine.Packages.Where(name => name is "Npgsql" or "Dapper" || name.StartsWith("Microsoft.Orleans", StringComparison.Ordinal)));
    }

    /// <summary>Pages, messages and exports show it as well as the interface.</summary>
    [Fact]
    public void The_desk_knows_nothing_of_the_web() => Assert.Empty(Repository.ProductProjects.Single(p => p.Name == "IspBilling.Desk").FrameworkReferences);

    [Theory]
    [InlineData("IspBilling.Engine", "IspBilling.Domain", null)]
    [InlineData("IspBilling.Http", "IspBilling.Postgres", null)]
    [InlineData("IspBilling.Http", "IspBilling.Desk", null)]
    [InlineData("IspBilling.Desk", "IspBilling.Documents", null)]
    [InlineData("IspBilling.Api", "IspBilling.Hosting", null)]
    [InlineData("IspBilling.Domain", "IspBilling.Engine", "IspBilling.Domain → IspBilling.Engine, which is above it")]
    [InlineData("IspBilling.Banking", "IspBilling.Postgres", "IspBilling.Banking → IspBilling.Postgres on the same floor")]
    [InlineData("IspBilling.Desk", "IspBilling.Http", "IspBilling.Desk → IspBilling.Http, which is above it")]
    [InlineData("IspBilling.Cellar", "IspBilling.Domain", "IspBilling.Cellar is on no floor of Floors.cs: place it")]
    [InlineData("IspBilling.Http", "IspBilling.Attic", "IspBilling.Http → IspBilling.Attic, which is on no floor of Floors.cs: place it")]
    public void The_rule_itself_tells_down_from_up(string from, string to, string? refusal) => Assert.Equal(refusal, Floors.Refusal(from, to));
}
