using Maintenance.Local.Hosting;
using Maintenance.Tests.Storage;

namespace Maintenance.Tests.Web;

public sealed class DataFolderTests
{
    [Fact]
    public void Whoever_takes_the_folder_withdraws_the_address_that_a_killed_process_left()
    {
        using var scratch = new ScratchFolder();
        var folder = new DataFolder(scratch.PathOf("data"));
        var token = folder.OperatorToken(out _);
        using (folder.TryOwn())
        {
            folder.Announce(new Uri("http://127.0.0.1:40123/"));
            Assert.Equal((new Uri("http://127.0.0.1:40123/"), token), folder.FindServer());

            // Who does not get the folder withdraws nothing.
            Assert.Null(new DataFolder(scratch.PathOf("data")).TryOwn());
            Assert.NotNull(folder.FindServer());
        }

        // The process was killed: its address stayed. The next one has not announced its own yet.
        Assert.NotNull(folder.FindServer());
        using var next = folder.TryOwn();
        Assert.NotNull(next);
        Assert.Null(folder.FindServer());
    }
}
