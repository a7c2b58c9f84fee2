import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {buffer} from 'node:stream/consumers';
import test from 'ava';
import {contentOfBytes, contentOfFile} from '../../src/connection/connection.js';

const folder = mkdtempSync(join(tmpdir(), 'playbill-content-'));
test.after.always(() => rmSync(folder, {recursive: true, force: true}));

const rows: Record<string, [Buffer, sha1: string]> = {
	empty: [Buffer.alloc(0), 'da39a3ee5e6b4b0d3255bfef95601890afd80709'],
	text: [Buffer.from('abc'), 'a9993e364706816aba3e25717850c26c9cd0d89d'],
	'a million letters': [Buffer.alloc(1_000_000, 'a'), '34aa973cd4c4daa4f61eeb2bdbad27316534016f'],
};
for (const [title, [bytes, sha1]] of Object.entries(rows)) {
	test(title, async (t) => {
		const path = join(folder, title);
		writeFileSync(path, bytes);
		for (const content of [contentOfBytes(bytes), await contentOfFile(path)]) {
			t.is(content.size, bytes.length);
			t.is(content.sha1, sha1);
			t.true(content.read().equals(bytes));
			t.true((await buffer(content.open())).equals(bytes));
		}
	});
}

test('a file that is not there', async (t) => {
	await t.throwsAsync(contentOfFile(join(folder, 'none')), {code: 'ENOENT'});
});
