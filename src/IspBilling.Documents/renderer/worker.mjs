// One Typst compiler behind standard input and output, owned by TypstRenderer.
//
//   in:  uint32 length (big-endian), then JSON { template, data, files: { "/logo.svg": base64 }, standard }
//   out: four letters RDY1 | PDF1 | ERR1, uint32 length (big-endian), then nothing | the PDF | a message
//
// One request is answered before the next one is read. The end of standard input ends the process, so no worker
// outlives its owner, however that one died.

import { createRequire } from 'node:module';
import { readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const [templates, modules] = process.argv.slice(2);
const require = createRequire(join(modules, 'package.json'));
const { NodeCompiler } = require('@myriaddreamin/typst-ts-node-compiler');

// Results unused by this many renders are dropped: what every document shares stays, what one document had goes.
const UNUSED_RENDERS_KEPT = 8;

const fonts = JSON.parse(readFileSync(join(templates, '../fonts.json'), 'utf8')).map(font => readFileSync(join(modules, font)));

const compiler = NodeCompiler.create({ workspace: templates, fontArgs: [{ fontBlobs: fonts }] });

function render({ template, data, files, standard }) {
  for (const [path, content] of Object.entries(files)) compiler.mapShadow(join(templates, path), Buffer.from(content, 'base64'));
  try {
    const compiled = compiler.compile({ mainFilePath: join(templates, `${template}.typ`), inputs: { data } });
    if (compiled.hasError()) throw new Error(JSON.stringify(compiled.takeError().shortDiagnostics));
    return compiler.pdf(compiled.result, { pdfStandard: standard });
  } finally {
    for (const path of Object.keys(files)) compiler.unmapShadow(join(templates, path));
    compiler.evictCache(UNUSED_RENDERS_KEPT);
  }
}

// Written at once and in order: process.stdout would keep a large PDF in memory until the owner reads.
function reply(kind, payload) {
  const head = Buffer.alloc(8);
  head.write(kind, 0, 'latin1');
  head.writeUInt32BE(payload.length, 4);
  writeAll(head);
  writeAll(payload);
}

function writeAll(bytes) {
  for (let written = 0; written < bytes.length;) {
    try {
      written += writeSync(1, bytes, written);
    } catch (error) {
      if (error.code === 'EPIPE') process.exit(0);
      if (error.code !== 'EAGAIN') throw error;
    }
  }
}

function answer(frame) {
  let pdf;
  try {
    pdf = render(JSON.parse(frame.toString('utf8')));
  } catch (error) {
    reply('ERR1', Buffer.from(String(error?.message ?? error), 'utf8'));
    return;
  }
  reply('PDF1', pdf);
}

reply('RDY1', Buffer.alloc(0));

let chunks = [];
let buffered = 0;
let awaited = -1;

for await (const chunk of process.stdin) {
  chunks.push(chunk);
  buffered += chunk.length;
  for (;;) {
    const needed = awaited < 0 ? 4 : awaited;
    if (buffered < needed) break;
    const bytes = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
    chunks = bytes.length > needed ? [bytes.subarray(needed)] : [];
    buffered -= needed;
    if (awaited < 0) {
      awaited = bytes.readUInt32BE(0);
    } else {
      awaited = -1;
      answer(bytes.subarray(0, needed));
    }
  }
}
