import {execFileSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {fingerprint, judge, knownLine, knownName, knownTypes, parseKnownHosts} from '../../src/connection/known-hosts.js';

const folder = mkdtempSync(join(tmpdir(), 'playbill-known-'));
test.after.always(() => rmSync(folder, {recursive: true, force: true}));
const keys = {ours: makeKey('ours'), other: makeKey('other'), rsa: makeKey('rsa', '-t', 'rsa', '-b', '2048')};

function makeKey(name: string, ...args: string[]): {text: string; blob: Buffer} {
	execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', join(folder, name), ...args]);
	const text = readFileSync(join(folder, `${name}.pub`), 'utf8').trim();
	return {text, blob: Buffer.from(text.split(' ')[1]!, 'base64')};
}

const {ours, other, rsa} = keys;
/** A known_hosts text, the names asked for, what is said of our key. */
const rows: Record<string, [text: string, names: string[], verdict: string]> = {
	'the same key': [`h ${ours.text}`, ['h'], 'known'],
	'upper case in the file': [`H ${ours.text}`, ['h'], 'known'],
	'a comment behind it': [`h ${ours.text} me@here`, ['h'], 'known'],
	'tabs between': [`h\t${ours.text.replace(' ', '\t')}`, ['h'], 'known'],
	'one of several names': [`a,h,b ${ours.text}`, ['h'], 'known'],
	'another name': [`hh ${ours.text}`, ['h'], 'new'],
	'a dot is a dot': [`hxb ${ours.text}`, ['h.b'], 'new'],
	'another key': [`h ${other.text}`, ['h'], 'changed known_hosts:1'],
	'another key, and ours below': [`h ${other.text}\nh ${ours.text}`, ['h'], 'known'],
	'a key of another type': [`h ${rsa.text}`, ['h'], 'new'],
	'a pattern': [`*.example.com ${ours.text}`, ['a.example.com'], 'known'],
	'a pattern with ?': [`h? ${ours.text}`, ['h1'], 'known'],
	'a negated name': [`*.example.com,!a.example.com ${ours.text}`, ['a.example.com'], 'new'],
	'a port': [`[h]:2222 ${ours.text}`, ['[h]:2222', 'h'], 'known'],
	'a port that is not the one': [`[h]:2223 ${ours.text}`, ['[h]:2222', 'h'], 'new'],
	'known without its port': [`h ${ours.text}`, ['[h]:2222', 'h'], 'known'],
	'another key without its port is of another server': [`h ${other.text}`, ['[h]:2222', 'h'], 'new'],
	revoked: [`h ${ours.text}\n@revoked h ${ours.text}`, ['h'], 'revoked known_hosts:2'],
	'revoked everywhere': [`h ${ours.text}\n@revoked * ${ours.text}`, ['h'], 'revoked known_hosts:2'],
	'another revoked key': [`@revoked * ${other.text}\nh ${ours.text}`, ['h'], 'known'],
	'an authority': [`@cert-authority *.example.com ${other.text}`, ['a.example.com'], 'new by known_hosts:1'],
	'an unknown marker': [`@odd h ${ours.text}`, ['h'], 'new'],
	'comments and blank lines': [`# h\n\n   \n  h ${ours.text}`, ['h'], 'known'],
	'a broken line': [`h ssh-ed25519\nh ${ours.text}`, ['h'], 'known'],
	'no file': ['', ['h'], 'new'],
};

for (const [title, [text, names, expected]] of Object.entries(rows)) {
	test(title, (t) => {
		const verdict = judge([parseKnownHosts(text, 'known_hosts')], names, ours.blob);
		const words = {
			known: () => 'known',
			revoked: () => `revoked ${'by' in verdict && verdict.by.place}`,
			changed: () => `changed ${'known' in verdict && verdict.known.place}`,
			new: () => ('authority' in verdict && verdict.authority ? `new by ${verdict.authority.place}` : 'new'),
		};
		t.is(words[verdict.kind](), expected);
	});
}

test('a file that ssh-keygen has hashed', (t) => {
	const file = join(folder, 'hashed');
	writeFileSync(file, `h ${ours.text}\n[h]:2222 ${other.text}\n`);
	execFileSync('ssh-keygen', ['-q', '-H', '-f', file], {stdio: 'ignore'});
	const hosts = parseKnownHosts(readFileSync(file, 'utf8'), file);
	const entries = [hosts];
	t.true(hosts.entries.every((entry) => entry.names.startsWith('|1|')));
	t.is(judge(entries, ['h'], ours.blob).kind, 'known');
	t.is(judge(entries, ['[h]:2222', 'h'], other.blob).kind, 'known');
	t.is(judge(entries, ['i'], ours.blob).kind, 'new');
	t.deepEqual(knownTypes(entries, ['h']), ['ssh-ed25519']);
});

test('ssh-keygen finds the lines that are written here', (t) => {
	const file = join(folder, 'written');
	writeFileSync(file, knownLine('a', ours.blob, true) + knownLine(knownName('B', 2222), other.blob, false));
	for (const name of ['a', '[b]:2222'])
		t.notThrows(() => execFileSync('ssh-keygen', ['-F', name, '-f', file], {stdio: 'ignore'}), name);
	t.throws(() => execFileSync('ssh-keygen', ['-F', 'c', '-f', file], {stdio: 'ignore'}));
});

test('the fingerprint is the one that ssh-keygen shows', (t) => {
	const shown = execFileSync('ssh-keygen', ['-l', '-f', join(folder, 'ours.pub')], {encoding: 'utf8'});
	t.is(fingerprint(ours.blob), shown.split(' ')[1]!);
});
