import test from 'ava';
import {Secrets} from '../../src/engine/secrets.js';
import {Dict, pythonRepr, Secret, Unknown, type Value} from '../../src/jinja/jinja.js';

test('secrets are hidden wherever they stand', (t) => {
	const secrets = new Secrets();
	secrets.add('hunter2', '', '  ');
	t.is(secrets.hideText('password=hunter2;'), 'password=«hidden»;');
	t.is(secrets.hideText('two  blanks'), 'two  blanks');
	const hidden = secrets.hide(
		Dict.from([
			['hunter2', ['x', new Secret('y')]],
			['n', 1],
		]),
	) as Dict;
	t.deepEqual(
		[...hidden.entries()],
		[
			['«hidden»', ['x', '«hidden»']],
			['n', 1],
		],
	);
});

const shown: readonly (readonly [name: string, value: Value, text: string])[] = [
	['a secret text', new Secret('hunter2'), "'«hidden»'"],
	['a text with secret pieces', new Secret('user=a pass=hunter2', ['hunter2']), "'user=a pass=«hidden»'"],
	['pieces that are too short to be looked for', new Secret('pass=hu', ['hu']), "'«hidden»'"],
	['the longest secret first', 'known-longer known', "'«hidden» «hidden»'"],
	['what cannot be foretold', [new Unknown('it is a test')], "['«unknown»']"],
	['a short text of a vault file, where it is not used', 'a prod', "'a prod'"],
];
for (const [name, value, text] of shown) {
	test(`shown: ${name}`, (t) => {
		const secrets = new Secrets();
		secrets.add('known', 'known-longer');
		secrets.addLong('prod');
		t.is(pythonRepr(secrets.hide(value)), text);
	});
}
