import test from 'ava';
import {readOptions} from '../../src/cli/options.js';
import {UsageError} from '../../src/cli/usage-error.js';

test('short and long forms, groups, repeats and abbreviations', (t) => {
	const options = readOptions([
		'-i',
		'a',
		'-ib,',
		'-vvv',
		'-CD',
		'-e',
		'x=1',
		'--extra-v',
		'@f',
		'-t',
		'a,b',
		'--tags=c',
		'-f',
		'7',
		'site.yml',
		'more.yml',
	]);
	t.deepEqual(options.inventory, ['a', 'b,']);
	t.is(options.verbosity, 3);
	t.true(options.check && options.diff);
	t.deepEqual(options.extraVars, ['x=1', '@f']);
	t.deepEqual(options.tags, ['a', 'b', 'c']);
	t.is(options.forks, 7);
	t.deepEqual(options.playbooks, ['site.yml', 'more.yml']);
});

for (const [argv, message] of [
	[['--nope'], /unrecognized arguments: --nope/],
	[['--list', 'x.yml'], /ambiguous option: --list could match --list-hosts, --list-tasks, --list-tags/],
	[['x.yml', '--limit'], /argument --limit: expected one argument/],
	[['-f', '0', 'x.yml'], /the number of forks \(--forks\) must be >= 1/],
	[['-f', 'many', 'x.yml'], /argument --forks: invalid int value: 'many'/],
] as const) {
	test(`usage: ${argv.join(' ')}`, (t) => {
		t.throws(() => readOptions(argv), {instanceOf: UsageError, message});
	});
}

test('a value may begin with a dash', (t) => {
	const options = readOptions(['--ssh-common-args', '-o A=b -o C=d', '--private-key', 'k', 'x.yml']);
	t.is(options.sshCommonArgs, '-o A=b -o C=d');
	t.is(options.privateKey, 'k');
});
