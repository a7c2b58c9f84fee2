import test from 'ava';
import {Dict, Float, pythonRepr, Secret, Template, Unknown, type Value} from '../../src/jinja/jinja.js';
import {type ArgumentRules, type ArgumentSpecs, readBySpecs} from '../../src/modules/modules.js';

const specs: ArgumentSpecs = {
	path: {type: 'path', required: true, aliases: ['dest', 'name']},
	state: {type: 'str', choices: ['present', 'absent'], default: 'present'},
	port: {type: 'int'},
	ratio: {type: 'float'},
	force: {type: 'bool', default: false},
	words: {type: 'list', elements: 'str'},
	numbers: {type: 'list', elements: 'int'},
	kinds: {type: 'list', elements: 'str', choices: ['a', 'b']},
	env: {type: 'dict'},
	body: {type: 'json'},
	size: {type: 'bytes'},
	speed: {type: 'bits'},
	anything: {type: 'raw'},
	mode: {type: 'str', choices: ['on', 'never']},
	token: {type: 'str', no_log: true},
	login: {
		type: 'dict',
		options: {user: {type: 'str', required: true}, tries: {type: 'int', default: 3}, kind: {choices: ['x', 'y']}},
		required_together: [['user', 'kind']],
	},
	rows: {type: 'list', elements: 'dict', options: {id: {type: 'int', required: true}}},
};

const dict = (entries: Record<string, Value>) => Dict.from(Object.entries(entries));
const read = (given: Record<string, Value>, rules?: ArgumentRules, module = 'x') =>
	readBySpecs(specs, rules, {path: '/p', ...given}, {module});

const converted: [name: string, value: Value, result: unknown][] = [
	['state', 'absent', 'absent'],
	['path', 5, '5'],
	['path', true, 'True'],
	['path', new Float(1), '1.0'],
	['path', [1, 'a'], "[1, 'a']"],
	['path', new Secret('s'), 's'],
	['port', '42', 42],
	['port', ' 4_2 ', 42],
	['port', '1e2', 100],
	['port', '10.0', 10],
	['port', new Float(7), 7],
	['port', '9007199254740993', 9007199254740993n],
	['port', true, 1],
	['ratio', '1.5', 1.5],
	['ratio', 2, 2],
	['ratio', 'inf', Number.POSITIVE_INFINITY],
	['force', 'yes', true],
	['force', 'Off', false],
	['force', ' TRUE ', true],
	['force', 0, false],
	['force', new Float(1), true],
	['words', 'a,b, c', ['a', 'b', ' c']],
	['words', 3, ['3']],
	['words', [1, true], ['1', 'True']],
	['numbers', '1,2', [1, 2]],
	['env', '{"a": 1}', dict({a: 1})],
	['env', "{'a': [True, None, 1.0, ('b',)]}", undefined],
	['env', 'a=1, b="x y" c=\\"q', dict({a: '1', b: 'x y', c: '"q'})],
	['body', ' [1] ', '[1]'],
	['body', dict({a: [1, new Float(2), 'é', null]}), '{"a": [1, 2.0, "\\u00e9", null]}'],
	['size', '2K', 2048],
	['size', '1.5 MB', 1_572_864],
	['size', '3', 3],
	['size', '2b', 2],
	['speed', '1Mb', 1_048_576],
	['anything', null, null],
	['anything', true, true],
	['mode', true, undefined],
	['mode', 'True', 'on'],
	['port', null, undefined],
	['words', null, undefined],
];

for (const [name, value, result] of converted) {
	test(`${name} takes ${pythonRepr(value)}`, (t) => {
		const {args, problems} = read({[name]: value});
		if (result === undefined && name === 'env') t.is((args['env'] as Dict).size, 1);
		else t.deepEqual(args[name], name === 'mode' && result === undefined ? 'on' : result);
		t.deepEqual(problems, []);
	});
}

const refused: [given: Record<string, Value>, ...messages: string[]][] = [
	[{state: 'gone'}, 'value of state must be one of: present, absent, got: gone'],
	[{port: 'abc'}, `argument 'port' is of type str and we were unable to convert to int: "'abc'" cannot be converted to an int`],
	[{port: 1.5}, `argument 'port' is of type float and we were unable to convert to int: "1.5" cannot be converted to an int`],
	[{port: [1]}, `argument 'port' is of type list and we were unable to convert to int: "[1]" cannot be converted to an int`],
	[
		{port: dict({a: 1})},
		`argument 'port' is of type dict and we were unable to convert to int: "{'a': 1}" cannot be converted to an int`,
	],
	[
		{ratio: 'x'},
		"argument 'ratio' is of type str and we were unable to convert to float: <class 'str'> cannot be converted to a float",
	],
	[
		{force: 'maybe'},
		"argument 'force' is of type str and we were unable to convert to bool: The value 'maybe' is not a valid boolean. Valid booleans include: 0, 1, 'false', 'off', 'no', 't', 'n', '0', 'yes', 'on', '1', 'true', 'f', 'y'",
	],
	[
		{force: [1]},
		"argument 'force' is of type list and we were unable to convert to bool: <class 'list'> cannot be converted to a bool",
	],
	[
		{words: dict({a: 1})},
		"argument 'words' is of type dict and we were unable to convert to list: <class 'dict'> cannot be converted to a list",
	],
	[
		{numbers: [1, 'b']},
		`Elements value for option 'numbers' is of type str and we were unable to convert to int: "'b'" cannot be converted to an int`,
	],
	[{kinds: ['a', 'z', 'q']}, 'value of kinds must be one or more of: a, b. Got no match for: z, q'],
	[
		{env: 'words'},
		"argument 'env' is of type str and we were unable to convert to dict: dictionary requested, could not parse JSON or key=value",
	],
	[
		{env: '{nonsense'},
		"argument 'env' is of type str and we were unable to convert to dict: unable to evaluate string as dictionary",
	],
	[
		{env: 'a=1, b'},
		`argument 'env' is of type str and we were unable to convert to dict: unable to evaluate string in the "key=value" format as dictionary`,
	],
	[
		{size: '2Q'},
		"argument 'size' is of type str and we were unable to convert to bytes: <class 'str'> cannot be converted to a Byte value",
	],
	[
		{size: '2Mb'},
		"argument 'size' is of type str and we were unable to convert to bytes: <class 'str'> cannot be converted to a Byte value",
	],
	[
		{body: 1},
		"argument 'body' is of type int and we were unable to convert to json: <class 'int'> cannot be converted to a json string",
	],
	[
		{login: dict({tries: 'x'})},
		'missing required arguments: user found in login',
		`argument 'tries' is of type str found in 'login'. and we were unable to convert to int: "'x'" cannot be converted to an int`,
	],
	[{login: dict({user: 'u', kind: 'z'})}, 'value of kind must be one of: x, y, got: z found in login'],
	[{login: dict({user: 'u'})}, 'parameters are required together: user, kind found in login'],
	[
		{rows: [dict({id: 1}), 'no']},
		`Elements value for option 'rows' is of type str and we were unable to convert to dict: dictionary requested, could not parse JSON or key=value`,
		"value of 'rows' must be of type dict or list of dicts",
	],
];

for (const [given, ...messages] of refused) {
	test(`refuses ${pythonRepr(dict(given))}`, (t) => {
		t.deepEqual(
			read(given).problems.map(({message}) => message),
			messages,
		);
	});
}

const sides: ArgumentRules = {
	mutuallyExclusive: [
		['port', 'ratio'],
		['env', 'body', 'size'],
	],
	requiredTogether: [['words', 'numbers']],
	requiredOneOf: [['port', 'ratio', 'force']],
	requiredIf: [
		['state', 'absent', ['token', 'size']],
		['mode', 'on', ['token', 'size'], true],
		['force', true, ['anything']],
	],
	requiredBy: {speed: ['size', 'token']},
};

const broken: [given: Record<string, Value>, ...messages: string[]][] = [
	[{}],
	[{port: 1, ratio: 2}, 'parameters are mutually exclusive: port|ratio'],
	[{port: 1, ratio: 2, env: dict({}), size: 1}, 'parameters are mutually exclusive: port|ratio, env|body|size'],
	[{words: 'a'}, 'parameters are required together: words, numbers'],
	[{state: 'absent', token: 't'}, 'state is absent but all of the following are missing: size'],
	[{mode: 'on'}, 'mode is on but any of the following are missing: token, size'],
	[{mode: 'on', size: 1}],
	[{force: 'yes'}, 'force is True but all of the following are missing: anything'],
	[{speed: 1, token: 't'}, "missing parameter(s) required by 'speed': size"],
];

for (const [given, ...messages] of broken) {
	test(`rules: ${pythonRepr(dict(given))}`, (t) => {
		t.deepEqual(
			read(given, sides).problems.map(({message}) => message),
			messages,
		);
	});
}

test('tells missing and unknown arguments with the names that would do, the unknown ones last', (t) => {
	const small: ArgumentSpecs = {src: {required: true}, dest: {required: true, aliases: ['to']}, mode: {}};
	const {problems} = readBySpecs(small, undefined, {mod: 1, onwer: 'a'}, {module: 'copy'});
	t.deepEqual(
		problems.map(({message}) => message),
		[
			'missing required arguments: dest, src',
			'Unsupported parameters for (copy) module: mod, onwer. Supported parameters include: dest, mode, src (to).',
		],
	);
	t.deepEqual(problems[1]!.names, [['mod'], ['onwer']]);
	t.is(
		readBySpecs(small, undefined, {src: 1, to: 2, x: 1}).problems[0]!.message,
		'x. Supported parameters include: dest, mode, src (to).',
	);
});

test('names an unknown nested option by its path', (t) => {
	const {problems} = read({login: dict({user: 'u', kind: 'x', pass: 1})});
	t.is(
		problems[0]!.message,
		'Unsupported parameters for (x) module: login.pass. Supported parameters include: kind, tries, user.',
	);
	t.deepEqual(problems[0]!.names, [['login', 'pass']]);
});

test('resolves aliases, and says when both are given', (t) => {
	const {args, warnings} = readBySpecs(specs, undefined, {dest: '/d'});
	t.is(args['path'], '/d');
	t.false('dest' in args);
	t.deepEqual(warnings, []);
	t.deepEqual(readBySpecs(specs, undefined, {path: '/a', dest: '/d'}).warnings, ['Both option path and its alias dest are set.']);
});

test('fills in defaults, also of nested options', (t) => {
	const {args} = read({login: dict({user: 'u', kind: 'x'}), rows: [dict({id: '4'})]});
	t.is(args['state'], 'present');
	t.deepEqual(args['login'], {user: 'u', kind: 'x', tries: 3});
	t.deepEqual(args['rows'], [{id: 4}]);
});

test('collects what no output may show', (t) => {
	const {noLogValues} = read({token: 'hush', words: [new Secret('inner')], anything: dict({a: [new Secret('deep')]})});
	t.deepEqual([...noLogValues].sort(), ['deep', 'hush', 'inner']);
});

test('a template and an unknown value stand for anything', (t) => {
	const later = new Template('{{ x }}');
	const {problems, unknown} = read({
		state: later,
		port: later,
		words: [later, 'a'],
		login: dict({user: later, kind: 'x'}),
		force: new Unknown('why'),
	});
	t.deepEqual(problems, []);
	t.deepEqual([...unknown.keys()], ['force']);
	t.deepEqual(
		[...read({anything: dict({a: [new Unknown('deep')]})}).unknown.values()].map(({cause}) => cause),
		['deep'],
	);
	t.deepEqual(readBySpecs(specs, undefined, {dest: later}).problems, []);
});

test('an action that takes any arguments takes them as they are', (t) => {
	const {args, problems} = readBySpecs(
		{cacheable: {type: 'bool'}},
		undefined,
		{a: 1, cacheable: 'yes', b: dict({})},
		{anyArguments: true},
	);
	t.deepEqual(problems, []);
	t.deepEqual(Object.keys(args).sort(), ['a', 'b', 'cacheable']);
	t.is(args['cacheable'], true);
});
