import test from 'ava';
import {Secrets} from '../../src/engine/secrets.js';
import {Dict, Secret} from '../../src/jinja/jinja.js';

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
