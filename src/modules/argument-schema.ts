import type {ErrorObject, ValidateFunction} from 'ajv';
import {library} from '../source/source.js';
import {outlineOf} from './argument-outline.js';
import type {ArgumentSpec, ArgumentSpecs, ArgumentType} from './argument-spec.js';

type Schema = Record<string, unknown>;

/** The JSON Schema of a set of converted arguments, one level deep: nested options have validators of their own. */
export function argumentSchema(specs: ArgumentSpecs, open = false): Schema {
	return {
		type: 'object',
		properties: Object.fromEntries(Object.entries(specs).map(([name, spec]) => [name, propertySchema(spec)])),
		required: Object.entries(specs)
			.filter(([, spec]) => spec.required)
			.map(([name]) => name),
		additionalProperties: open,
	};
}

function propertySchema({type = 'str', choices, elements, description}: ArgumentSpec): Schema {
	const allowed = choices ? {enum: choices} : {};
	const described = description ? {description} : {};
	if (type === 'list') {
		const items = {...(elements ? typeSchema(elements) : {}), ...allowed};
		return {type: 'array', items, ...described};
	}
	return {...typeSchema(type), ...allowed, ...described};
}

const types: Readonly<Record<ArgumentType, string | undefined>> = {
	str: 'string',
	path: 'string',
	sid: 'string',
	json: 'string',
	jsonarg: 'string',
	int: 'number',
	float: 'number',
	bytes: 'number',
	bits: 'number',
	bool: 'boolean',
	list: 'array',
	dict: 'object',
	raw: undefined,
};

function typeSchema(type: ArgumentType): Schema {
	return types[type] ? {type: types[type]} : {};
}

const compiled = new WeakMap<ArgumentSpecs, Map<boolean, ValidateFunction>>();

/**
 * What JSON Schema finds wrong with converted arguments; validators are compiled once for each set of specs. Ajv takes longer to load and compile
 * than a small run lasts, so it is asked only where a look at the specs tells that something is wrong. Of what is unseen nothing is said.
 */
export function schemaErrors(
	specs: ArgumentSpecs,
	args: Readonly<Record<string, unknown>>,
	open: boolean,
	isUnseen: (name: string) => boolean,
): readonly ErrorObject[] {
	if (outlineOf(specs).demanding.every(([name, spec]) => isUnseen(name) || isAllowed(spec, args[name]))) return [];
	let validators = compiled.get(specs);
	if (!validators) compiled.set(specs, (validators = new Map()));
	let validate = validators.get(open);
	if (!validate) validators.set(open, (validate = compiler().compile(argumentSchema(specs, open))));
	if (validate(args)) return [];
	return (validate.errors ?? []).filter(({instancePath}) => !isUnseen(instancePath.split('/')[1] ?? ''));
}

function isAllowed({required, choices}: ArgumentSpec, value: unknown): boolean {
	if (value === undefined) return !required;
	if (!choices) return true;
	const allowed = choices as readonly unknown[];
	return Array.isArray(value) ? value.every((item) => allowed.includes(item)) : allowed.includes(value);
}

let ajv: {compile(schema: Schema): ValidateFunction} | undefined;

function compiler(): NonNullable<typeof ajv> {
	if (!ajv) {
		const {Ajv} = library<typeof import('ajv')>('ajv');
		ajv = new Ajv({allErrors: true, strict: false, validateSchema: false, addUsedSchema: false, verbose: true});
	}
	return ajv;
}
