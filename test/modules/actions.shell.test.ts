import {Dict, Float, Unknown} from '../../src/jinja/jinja.js';
import addHost from '../../src/modules/add-host.js';
import assert from '../../src/modules/assert.js';
import debug from '../../src/modules/debug.js';
import fail from '../../src/modules/fail.js';
import groupBy from '../../src/modules/group-by.js';
import includeVars from '../../src/modules/include-vars.js';
import pause from '../../src/modules/pause.js';
import ping from '../../src/modules/ping.js';
import setFact from '../../src/modules/set-fact.js';
import validateArgumentSpec from '../../src/modules/validate-argument-spec.js';
import {runActions} from './action-rows.js';

const dict = (entries: Record<string, never> | object) => Dict.from(Object.entries(entries));
const hidden = new Unknown('why');

runActions(debug, [
	{name: 'greets', args: {}, result: {msg: 'Hello world!'}},
	{name: 'shows a message of any type', args: {msg: [1, new Float(1)]}, result: {msg: [1, new Float(1)]}},
	{name: 'shows None', args: {msg: null}, result: {msg: null}},
	{name: 'shows a variable under its own name', args: {var: 'a.b'}, variables: {'a.b': 'c'}, result: {'a.b': 'c'}},
	{name: 'shows what is unknown', args: {msg: hidden}, result: {msg: hidden}},
	{
		name: 'is skipped below its verbosity',
		args: {msg: 'x', verbosity: 2},
		verbosity: 1,
		skipped: true,
		result: {skipped_reason: 'Verbosity threshold not met.'},
	},
	{name: 'shows at its verbosity', args: {msg: 'x', verbosity: '2'}, verbosity: 2, result: {msg: 'x'}},
	{
		name: 'wants a text for var',
		args: {var: 2},
		fails:
			"argument 'var' is of type int and we were unable to convert to _check_type_str_no_conversion: '2' is not a string and conversion is not allowed",
	},
	{name: 'takes one of msg and var', args: {msg: 'x', var: 'y'}, fails: 'parameters are mutually exclusive: msg|var'},
	{
		name: 'a strange argument',
		args: {foo: 1},
		fails: 'Unsupported parameters for (debug) module: foo. Supported parameters include: msg, var, verbosity.',
	},
]);

runActions(setFact, [
	{
		name: 'sets variables of any type',
		args: {a: 1, b: dict({c: [true]}), cacheable: false},
		result: {ansible_facts: dict({a: 1, b: dict({c: [true]})})},
		effects: [{kind: 'variables', values: {a: 1, b: dict({c: [true]})}, cacheable: false}],
	},
	{
		name: 'keeps None and what is unknown',
		args: {a: null, b: hidden},
		effects: [{kind: 'variables', values: {a: null, b: hidden}, cacheable: false}],
	},
	{name: 'caches', args: {a: 1, cacheable: 'yes'}, effects: [{kind: 'variables', values: {a: 1}, cacheable: true}]},
	{
		name: 'needs something to set',
		args: {cacheable: true},
		fails: 'No key/value pairs provided, at least one is required for this action to succeed',
	},
	{name: 'refuses a name that is none', args: {'a-b': 1}, fails: "Invalid variable name 'a-b'."},
]);

const truths = {yes: true, no: false};
runActions(assert, [
	{name: 'passes', args: {that: ['yes', 'yes']}, variables: truths, result: {msg: 'All assertions passed'}},
	{name: 'takes one condition', args: {that: 'yes', success_msg: 'fine'}, variables: truths, result: {msg: 'fine'}},
	{
		name: 'fails at the first that does not hold',
		args: {that: ['yes', 'no']},
		variables: truths,
		fails: 'Assertion failed',
		result: {assertion: 'no', evaluated_to: false, msg: 'Assertion failed'},
	},
	{name: 'fails with words of its own', args: {that: 'no', msg: 'my words'}, variables: truths, fails: 'my words'},
	{
		name: 'fails with a list of words',
		args: {that: 'no', fail_msg: ['a', 'b']},
		variables: truths,
		fails: "['a', 'b']",
		result: {msg: ['a', 'b']},
	},
	{
		name: 'refuses words that are none',
		args: {that: 'no', msg: 3},
		fails:
			"argument 'fail_msg' is of type int and we were unable to convert to str_or_list_of_str: a string or list of strings is required",
	},
	{name: 'needs a condition', args: {}, fails: 'missing required arguments: that'},
]);

runActions(fail, [
	{name: 'fails', args: {}, fails: 'Failed as requested from task'},
	{name: 'fails with a message', args: {msg: 'no'}, fails: 'no'},
	{name: 'fails with a value', args: {msg: [1, 'a']}, fails: "[1, 'a']", result: {msg: [1, 'a']}},
	{name: 'a strange argument', args: {foo: 1}, fails: 'Invalid options for fail: foo'},
]);

runActions(ping, [
	{name: 'answers', args: {}, result: {ping: 'pong'}},
	{name: 'answers with data', args: {data: '$(id)'}, result: {ping: '$(id)'}},
	{name: 'crashes when asked to', args: {data: 'crash'}, fails: 'boom'},
]);

runActions(groupBy, [
	{
		name: 'makes a group',
		args: {key: 'os a', parents: ['p q']},
		changed: true,
		result: {add_group: 'os-a', parent_groups: ['p-q']},
		effects: [{kind: 'group-by', group: 'os a', parents: ['p-q']}],
	},
	{name: 'under all', args: {key: 'x'}, changed: true, result: {parent_groups: ['all']}},
	{name: 'needs a key', args: {}, fails: "the 'key' param is required when using group_by"},
]);

runActions(addHost, [
	{
		name: 'adds a host with a port, groups and variables',
		args: {name: 'a:22', groups: 'x, y', foo: 1},
		changed: true,
		result: {add_host: dict({host_name: 'a', groups: ['x', 'y'], host_vars: dict({foo: 1, ansible_ssh_port: 22})})},
		effects: [{kind: 'add-host', name: 'a', groups: ['x', 'y'], variables: {foo: 1, ansible_ssh_port: 22}}],
	},
	{
		name: 'knows other names for its arguments',
		args: {hostname: 'b', groupname: ['z']},
		changed: true,
		effects: [{kind: 'add-host', name: 'b', groups: ['z'], variables: {}}],
	},
	{
		name: 'takes an IPv6 address for a name',
		args: {name: 'fe80::1'},
		changed: true,
		effects: [{kind: 'add-host', name: 'fe80::1', groups: [], variables: {}}],
	},
	{name: 'needs a name', args: {foo: 1}, fails: 'name, host or hostname needs to be provided'},
]);

runActions(pause, [
	{name: 'waits for seconds', args: {seconds: '3'}, effects: [{kind: 'pause', unit: 'seconds', echo: true, seconds: 3}]},
	{name: 'waits a second at least', args: {seconds: 0}, effects: [{kind: 'pause', unit: 'seconds', echo: true, seconds: 1}]},
	{name: 'waits for minutes', args: {minutes: 2}, effects: [{kind: 'pause', unit: 'minutes', echo: true, seconds: 120}]},
	{name: 'asks', args: {prompt: 'Sure?', echo: false}, effects: [{kind: 'pause', unit: 'minutes', echo: false, prompt: 'Sure?'}]},
	{name: 'takes one time', args: {seconds: 1, minutes: 1}, fails: 'parameters are mutually exclusive: minutes|seconds'},
	{
		name: 'needs a number',
		args: {seconds: 'x'},
		fails: "argument 'seconds' is of type str and we were unable to convert to int: invalid literal for int() with base 10: 'x'",
	},
]);

const plainFile = {
	kind: 'include-vars',
	depth: 0,
	ignoreFiles: [],
	extensions: ['yaml', 'yml', 'json'],
	ignoreUnknownExtensions: false,
};
runActions(includeVars, [
	{name: 'reads a file', args: {_raw_params: 'a.yml\n', name: 'x'}, effects: [{...plainFile, file: 'a.yml', name: 'x'}]},
	{
		name: 'reads a folder',
		args: {dir: 'vars', depth: 1, files_matching: '^a', ignore_files: ['b.yml'], extensions: ['yml']},
		effects: [{...plainFile, dir: 'vars', depth: 1, filesMatching: '^a', ignoreFiles: ['b.yml'], extensions: ['yml']}],
	},
	{
		name: 'reads a file or a folder',
		args: {file: 'a', depth: 1},
		fails: 'You are mixing file only and dir only arguments, these are incompatible',
	},
	{name: 'wants a list of extensions', args: {dir: 'a', extensions: 'yml'}, fails: "The 'extensions' option must be a list."},
]);

runActions(validateArgumentSpec, [
	{
		name: 'passes',
		args: {argument_spec: dict({port: dict({type: 'int', required: true})}), provided_arguments: dict({port: '1'})},
		result: {msg: 'The arg spec validation passed'},
	},
	{
		name: 'tells all that is wrong',
		args: {
			argument_spec: dict({port: dict({type: 'int'}), name: dict({required: true})}),
			provided_arguments: dict({port: 'x', more: 1}),
		},
		fails: `Validation of arguments failed:\nmissing required arguments: name\nargument 'port' is of type str and we were unable to convert to int: "'x'" cannot be converted to an int\nmore. Supported parameters include: name, port.`,
	},
	{
		name: 'wants a dict',
		args: {argument_spec: 'x'},
		fails: "Incorrect type for argument_spec, expected dict and got <class 'str'>",
	},
]);
