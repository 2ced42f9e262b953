namespace Maintenance.BrowserTests.Browsing;

/// <summary>Tests that look at pages of one server with something in every room.</summary>
[CollectionDefinition(Name)]
public sealed class PagesGroup : ICollectionFixture<Browsers>, ICollectionFixture<FurnishedRegister>
{
    internal const string Name = "Browser: pages";
}

/// <summary>Tests that do things, each with a server of its own.</summary>
[CollectionDefinition(Name)]
public sealed class JourneysGroup : ICollectionFixture<Browsers>
{
    internal const string Name = "Browser: journeys";
}
