using IspBilling.Documents.Rendering;

namespace IspBilling.Documents.Tests.Support;

/// <summary>
/// A real Node process that speaks the workers' protocol and misbehaves as told: faults are tested against a process, not
/// against a mocked interface.
/// </summary>
internal sealed class FakeWorker : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <param name="onRequest">
    /// JavaScript of a request's answer. It may call <c>reply(kind, text)</c>, <c>die()</c> and <c>await released()</c>; <c>nth</c> is the number of this
    /// request over all processes, from 1; <c>request</c> is its JSON.
    /// </param>
    public FakeWorker(string onRequest)
    {
        Directory.CreateDirectory(_folder.File("templates"));
        Directory.CreateDirectory(_folder.File("node_modules/@myriaddreamin/typst-ts-node-compiler"));
        File.WriteAllText(_folder.File("worker.mjs"), $$"""
            import { appendFileSync, existsSync, readFileSync, writeSync } from 'node:fs';
            import { dirname } from 'node:path';
            const served = dirname(process.argv[2]) + '/served';
            const released = async () => { while (!existsSync(served + '-released')) await new Promise(resolve => setTimeout(resolve, 10)); };
            const die = () => process.kill(process.pid, 'SIGKILL');
            const head = (kind, length) => { const h = Buffer.alloc(8); h.write(kind, 'latin1'); h.writeUInt32BE(length, 4); return h; };
            const reply = (kind, text) => writeSync(1, Buffer.concat([head(kind, text.length), Buffer.from(text)]));
            reply('RDY1', '');
            let bytes = Buffer.alloc(0);
            for await (const chunk of process.stdin) {
              bytes = Buffer.concat([bytes, chunk]);
              while (bytes.length >= 4 && bytes.length >= 4 + bytes.readUInt32BE(0)) {
                const end = 4 + bytes.readUInt32BE(0);
                const request = JSON.parse(bytes.subarray(4, end));
                bytes = bytes.subarray(end);
                appendFileSync(served, '.');
                const nth = readFileSync(served).length;
                {{onRequest}}
              }
            }
            """);
    }

    public int Served => File.Exists(_folder.File("served")) ? (int)new FileInfo(_folder.File("served")).Length : 0;

    /// <summary>Lets pass whoever waits in <c>released()</c>, now and later.</summary>
    public void Release() => File.WriteAllText(_folder.File("served-released"), "");

    public TypstRendererOptions Options => new() { Folder = _folder.Path, Workers = 1 };

    public void Dispose() => _folder.Dispose();
}
