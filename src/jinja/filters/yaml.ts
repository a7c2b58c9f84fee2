import {typeError, valueError} from '../fault.js';
import {integerArgument, numberArgument} from '../python/argument.js';
import {isTruthy, textOf} from '../python/compare.js';
import {iterate} from '../python/iterate.js';
import {pythonStr} from '../python/text.js';
import {typeName} from '../python/type-name.js';
import type {Dict, Value} from '../value.js';
import {fromYaml} from '../yaml/from-yaml.js';
import {toYaml, type YamlStyle} from '../yaml/to-yaml.js';
import type {FilterTable, PluginContext} from './filter.js';

/** `yaml.dump`'s keyword arguments as a style. */
function styleOf(named: Dict, flow: Value): YamlStyle {
	const style: {-readonly [Key in keyof YamlStyle]: YamlStyle[Key]} = {flow: flow === null ? undefined : isTruthy(flow)};
	for (const [key, value] of named.entries()) {
		switch (key) {
			case 'indent':
				if (value !== null) style.indent = Math.trunc(numberArgument(value, 'indent'));
				break;
			case 'width':
				if (value !== null) style.width = Math.trunc(numberArgument(value, 'width'));
				break;
			case 'sort_keys':
				style.sortKeys = isTruthy(value);
				break;
			case 'default_style':
				style.style = scalarStyle(value);
				break;
			case 'canonical':
				style.canonical = isTruthy(value);
				break;
			case 'explicit_start':
				style.explicitStart = isTruthy(value);
				break;
			case 'explicit_end':
				style.explicitEnd = isTruthy(value);
				break;
			case 'line_break':
				style.lineBreak = textOf(value) === '\r' || textOf(value) === '\r\n' ? textOf(value)! : '\n';
				break;
			case 'version':
				if (value !== null) style.version = versionOf(value);
				break;
			case 'vault_behavior':
				if (value !== null && !['decrypt', 'keep_encrypted', 'redact', 'fail'].includes(pythonStr(value)))
					throw valueError('The vault parameter must be one of decrypt, keep_encrypted, redact, fail');
				break;
			case 'allow_unicode':
			case 'Dumper':
				throw typeError(`yaml.dump_all() got multiple values for keyword argument '${key}'`);
			case 'encoding':
			case 'tags':
				if (value !== null) throw valueError(`Playbill does not offer the argument '${key}' of to_yaml`);
				break;
			default:
				throw typeError(`dump_all() got an unexpected keyword argument '${pythonStr(key)}'`);
		}
	}
	return style;
}

function scalarStyle(value: Value): YamlStyle['style'] {
	const text = textOf(value) ?? '';
	return text === '"' || text === "'" || text === '|' || text === '>' ? text : undefined;
}

function versionOf(value: Value): [number, number] {
	const [major, minor] = iterate(value).map((part) => integerArgument(part, 'version'));
	if (major !== 1 || (minor !== 1 && minor !== 2)) throw valueError('incompatible %YAML directive');
	return [major, minor];
}

/** The documents of a text; undefined, with a deprecation, for what is none. */
function documents(context: PluginContext, data: Value, filter: string): Value[] | undefined {
	const text = textOf(data);
	if (text !== undefined) return fromYaml(text, (message) => context.warn(message));
	context.deprecate(`The ${filter} filter ignored non-string input of type '${typeName(data)}'.`, '2.23');
	return undefined;
}

/** Filters to and from YAML, byte for byte as PyYAML. */
export const yamlFilters: FilterTable = {
	to_yaml: {
		summary: 'A value as YAML, its innermost lists and dicts in brackets.',
		signature: 'a, *args, default_flow_style=None, vault_behavior=None, **kwargs',
		example: ["{'b': [1, 2], 'a': 'yes'} | to_yaml", '"a: \'yes\'\\nb: [1, 2]\\n"'],
		call(_context, a, _rest, flow, _vault, named) {
			return toYaml(a!, styleOf(named as Dict, flow!));
		},
	},
	to_nice_yaml: {
		summary: 'A value as YAML, every item on a line of its own.',
		signature: 'a, indent=4, *args, default_flow_style=False, **kwargs',
		example: ["{'b': [1, 2]} | to_nice_yaml", "'b:\\n- 1\\n- 2\\n'"],
		call(_context, a, indent, _rest, flow, named) {
			const style = styleOf(named as Dict, flow!);
			return toYaml(a!, indent === null ? style : {...style, indent: Math.trunc(numberArgument(indent!, 'indent'))});
		},
	},
	from_yaml: {
		summary: 'The value of a YAML text.',
		signature: 'data',
		example: ["'a: [1, yes]' | from_yaml", "{'a': [1, True]}"],
		call(context, data) {
			if (data === null) return null;
			const values = documents(context, data!, 'from_yaml');
			if (!values) return data!;
			if (values.length > 1) throw valueError('expected a single document in the stream\nbut found another document');
			return values[0] ?? null;
		},
	},
	from_yaml_all: {
		summary: 'The values of all documents of a YAML text.',
		signature: 'data',
		example: ["'--- 1' | from_yaml_all", '[1]'],
		call: (context, data) => (data === null ? [] : (documents(context, data!, 'from_yaml_all') ?? data!)),
	},
};
