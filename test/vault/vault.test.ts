import {chmodSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {
	isClientScript,
	isVaultText,
	openVault,
	parseVaultId,
	sealVault,
	VaultError,
	VaultSecrets,
	type VaultSource,
} from '../../src/vault/vault.js';

const password = (id: string, text: string): VaultSource => ({id, kind: 'password', password: text});

// Written by ansible-vault 2.21 with the passwords `sekret` and (id prod) `other`.
const written11 = `$ANSIBLE_VAULT;1.1;AES256
65343631356434316630316261373364656432643633663362613432393265396234353631306237
6362306139353630643861663264306661396233396130350a653261373433626230633162313864
38396262396335363462653733663434303831323330323138636461326462343239663836656532
3165393236303133630a366264643935363832623465346539346633376330323830333034363131
3063
`;
const written12 = `$ANSIBLE_VAULT;1.2;AES256;prod
65363738393462633430393262346630356265346632363835393835616532363231353863353839
3764303363346436393635663330633563333832353732320a386133303362363831376236626234
33316665653863336139356465346339363933656435376261303062653132623235363538373566
3866663632306432350a643664663066303737353563643730633031313566393935313963316437
3861
`;

test('opens what ansible-vault wrote', (t) => {
	t.is(openVault(written11, new VaultSecrets([password('default', 'sekret')])), 'hello: wörld\n');
	t.is(openVault(written12, new VaultSecrets([password('x', 'sekret'), password('y', 'other')])), 'hello: wörld\n');
	t.is(
		openVault(`  ${written11.replaceAll('\n', '\r\n')}`.trim(), new VaultSecrets([password('x', 'sekret')])),
		'hello: wörld\n',
	);
});

for (const text of ['', 'a', 'x'.repeat(15), 'x'.repeat(16), 'ünï\n'.repeat(1000)]) {
	test(`seals and opens ${text.length} characters`, (t) => {
		const sealed = sealVault(text, 'p', 'dev');
		t.true(isVaultText(sealed));
		t.true(sealed.startsWith('$ANSIBLE_VAULT;1.2;AES256;dev\n'));
		t.true(sealed.split('\n').every((line) => line.length <= 80));
		t.is(openVault(sealed, new VaultSecrets([password('dev', 'p')])), text);
	});
}

test('the default id gives format 1.1', (t) => t.true(sealVault('x', 'p').startsWith('$ANSIBLE_VAULT;1.1;AES256\n')));

test('the password of the id comes first, then the others', (t) => {
	const sealed = sealVault('x', 'p', 'dev');
	const asked: string[] = [];
	const ask = (id: string, text: string): VaultSource => ({
		id,
		kind: 'prompt',
		ask: (name) => {
			asked.push(name);
			return text;
		},
	});
	const secrets = new VaultSecrets([ask('prod', 'q'), ask('dev', 'p')]);
	t.is(secrets.open(sealed).id, 'dev');
	t.deepEqual(asked, ['dev']);
	t.is(new VaultSecrets([ask('a', 'q'), ask('b', 'p')]).open(sealed).id, 'b');
	t.throws(() => new VaultSecrets([ask('b', 'p')], {idMatch: true}).open(sealed), {instanceOf: VaultError});
});

const sealed = sealVault('x', 'p');
const faults: [name: string, text: string, sources: VaultSource[], kind: string, message: RegExp][] = [
	['no password', sealed, [], 'no-secret', /no vault secrets found/],
	['another password', sealed, [password('default', 'q')], 'no-secret', /could decrypt/],
	[
		'a digit changed',
		sealed.replace(/..\n$/, (pair) => (pair === '31\n' ? '32\n' : '31\n')),
		[password('default', 'p')],
		'no-secret',
		/could decrypt/,
	],
	['cut short', sealed.slice(0, -2), [password('default', 'p')], 'damaged', /unhexlify/],
	['no hex', `${sealed.split('\n')[0]}\nzz\n`, [password('default', 'p')], 'damaged', /unhexlify/],
	['one part', `${sealed.split('\n')[0]}\n6161\n`, [password('default', 'p')], 'damaged', /format error/],
	['another cipher', sealed.replace('AES256', 'ROT13'), [password('default', 'p')], 'damaged', /Cipher 'ROT13'/],
	['another version', sealed.replace('1.1', '9.9'), [password('default', 'p')], 'damaged', /9\.9/],
	['plain text', 'hello', [password('default', 'p')], 'damaged', /not vault encrypted/],
	['an empty password', sealed, [password('default', '')], 'source', /Invalid vault password/],
	['a missing file', sealed, [{id: 'default', kind: 'file', path: '/nonexistent/pw'}], 'source', /was not found/],
];
for (const [name, text, sources, kind, message] of faults) {
	test(`refuses ${name}`, (t) => {
		const error = t.throws(() => openVault(text, new VaultSecrets(sources)), {instanceOf: VaultError, message});
		t.is(error.kind, kind as VaultError['kind']);
	});
}

test('passwords come from files, encrypted files, scripts and client scripts', (t) => {
	const folder = mkdtempSync(join(tmpdir(), 'vault-'));
	t.teardown(() => rmSync(folder, {recursive: true}));
	const file = (name: string, text: string, mode = 0o600): VaultSource => {
		writeFileSync(join(folder, name), text);
		chmodSync(join(folder, name), mode);
		return {id: 'dev', kind: 'file', path: join(folder, name)};
	};
	const plain = file('plain', '  pw \n');
	t.is(new VaultSecrets([plain]).password().toString(), 'pw');
	t.is(new VaultSecrets([file('sealed', sealVault('inner\n', 'pw')), plain].reverse()).password('dev').toString(), 'pw');
	t.is(new VaultSecrets([password('a', 'pw'), file('sealed', sealVault('inner\n', 'pw'))]).password('dev').toString(), 'inner');
	t.is(new VaultSecrets([file('script.sh', '#!/bin/sh\necho from-$#\n', 0o700)]).password().toString(), 'from-0');
	t.is(new VaultSecrets([file('my-client.sh', '#!/bin/sh\necho "$1=$2"\n', 0o700)]).password().toString(), '--vault-id=dev');
	t.throws(() => new VaultSecrets([file('no-client', '#!/bin/sh\nexit 2\n', 0o700)]).load(), {
		message: /did not find a secret for vault-id=dev/,
	});
	t.throws(() => new VaultSecrets([file('bad.sh', '#!/bin/sh\nexit 3\n', 0o700)]).load(), {message: /returned non-zero \(3\)/});
	t.throws(() => new VaultSecrets([file('empty', '\n')]).load(), {message: /Invalid vault password was provided from file/});
});

test('ids and client scripts are told by their form', (t) => {
	t.deepEqual(parseVaultId('dev@~/pw'), {id: 'dev', source: '~/pw'});
	t.deepEqual(parseVaultId('pw'), {id: 'default', source: 'pw'});
	t.deepEqual(['x-client', 'x-client.py', 'client.py', 'x-client-y'].map(isClientScript), [true, true, false, false]);
});
