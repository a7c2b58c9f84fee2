import {mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync} from 'node:fs';
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

const changes: Record<string, (path: string) => void> = {
	'written again at once, of the same size': (path) => writeFileSync(path, 'two'),
	'replaced by another of the same size and age': (path) => {
		writeFileSync(`${path}.new`, 'two');
		utimesSync(`${path}.new`, 1, 1);
		renameSync(`${path}.new`, path);
	},
};
for (const [title, change] of Object.entries(changes)) {
	for (const wait of [0, 150]) {
		test(`a file ${title}, ${wait} ms after it was made, is read anew`, async (t) => {
			const path = join(folder, `${title} ${wait}`);
			writeFileSync(path, 'one');
			utimesSync(path, 1, 1);
			await new Promise((resolve) => setTimeout(resolve, wait));
			const {sha1} = await contentOfFile(path);
			t.is((await contentOfFile(path)).sha1, sha1);
			change(path);
			t.is((await contentOfFile(path)).sha1, 'ad782ecdac770fc6eb9a62e44f90873fb97fb26b');
		});
	}
}
