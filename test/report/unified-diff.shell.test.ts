import {execFileSync} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {unifiedDiff} from '../../src/report/unified-diff.js';

const headers = {before: 'before', after: 'after'};

test('equal texts give nothing', (t) => {
	t.deepEqual(unifiedDiff('a\nb\n', 'a\nb\n', headers), []);
});

test('a changed line, with context', (t) => {
	const before = '1\n2\n3\n4\n5\n6\n7\n8\n9\n';
	t.is(
		unifiedDiff(before, before.replace('5', 'five'), headers).join(''),
		'--- before\n+++ after\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n',
	);
});

test('a new file, and a last line without a line break', (t) => {
	t.is(
		unifiedDiff('', 'a\nb', headers).join(''),
		'--- before\n+++ after\n@@ -0,0 +1,2 @@\n+a\n+b\n\\ No newline at end of file\n',
	);
});

test('patch turns every text into the other', (t) => {
	const folder = mkdtempSync(join(tmpdir(), 'diff-'));
	let seed = 7;
	const random = (limit: number) => {
		seed = (seed * 1103515245 + 12345) % 2147483648;
		return seed % limit;
	};
	for (let round = 0; round < 60; round++) {
		const text = () => Array.from({length: random(30)}, () => `${random(6)}\n`).join('');
		const [before, after] = [text(), text()];
		writeFileSync(join(folder, 'file'), before);
		const diff = unifiedDiff(before, after, {before: 'file', after: 'file'}).join('');
		if (diff === '') {
			t.is(before, after);
			continue;
		}
		writeFileSync(join(folder, 'expected'), after);
		execFileSync('patch', ['-s', 'file'], {cwd: folder, input: diff});
		const result = after === '' ? '' : execFileSync('cat', ['file'], {cwd: folder, encoding: 'utf8'});
		t.is(result, after, diff);
	}
	rmSync(folder, {recursive: true});
});
