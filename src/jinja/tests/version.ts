import {typeError, valueError} from '../fault.js';
import type {TestTable} from '../filters/filter.js';
import {isTruthy, textOf} from '../python/compare.js';
import {pythonRepr, pythonStr} from '../python/text.js';
import type {Value} from '../value.js';
import {comparePep440} from './pep440.js';

const operators: Record<string, (order: number) => boolean> = {
	eq: (order) => order === 0,
	ne: (order) => order !== 0,
	lt: (order) => order < 0,
	le: (order) => order <= 0,
	gt: (order) => order > 0,
	ge: (order) => order >= 0,
};
const operatorNames: Record<string, string> = {
	'==': 'eq',
	'=': 'eq',
	eq: 'eq',
	'<': 'lt',
	lt: 'lt',
	'<=': 'le',
	le: 'le',
	'>': 'gt',
	gt: 'gt',
	'>=': 'ge',
	ge: 'ge',
	'!=': 'ne',
	'<>': 'ne',
	ne: 'ne',
};

/** Numbers and words between dots, as `LooseVersion` splits them. */
function loose(text: string): (bigint | string)[] {
	return text
		.split(/(\d+|[a-z]+|\.)/)
		.filter((part) => part && part !== '.')
		.map((part) => (/^\d+$/.test(part) ? BigInt(part) : part));
}

function compareParts(a: readonly (bigint | string)[], b: readonly (bigint | string)[]): number {
	for (let index = 0; index < Math.min(a.length, b.length); index++) {
		const [left, right] = [a[index]!, b[index]!];
		if (left === right) continue;
		if (typeof left !== typeof right) {
			const name = (part: bigint | string): string => (typeof part === 'string' ? 'str' : 'int');
			throw typeError(`'<' not supported between instances of '${name(left)}' and '${name(right)}'`);
		}
		return left < right ? -1 : 1;
	}
	return a.length - b.length;
}

function strict(text: string): {numbers: number[]; pre: [string, number] | undefined} {
	const match = /^(\d+)\.(\d+)(\.(\d+))?([ab](\d+))?$/.exec(text);
	if (!match) throw valueError(`invalid version number '${text}'`);
	const pre = match[5];
	return {
		numbers: [Number(match[1]), Number(match[2]), Number(match[4] ?? 0)],
		pre: pre ? [pre[0]!, Number(match[6])] : undefined,
	};
}

function compareStrict(a: string, b: string): number {
	const [left, right] = [strict(a), strict(b)];
	for (const [index, number] of left.numbers.entries())
		if (number !== right.numbers[index]) return number - right.numbers[index]!;
	if (!left.pre || !right.pre) return left.pre ? -1 : right.pre ? 1 : 0;
	return left.pre[0] === right.pre[0] ? left.pre[1] - right.pre[1] : left.pre[0] < right.pre[0] ? -1 : 1;
}

const semver =
	/^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\+[0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*)?$/;

function compareSemver(a: string, b: string): number {
	const [left, right] = [a, b].map((text) => {
		const match = semver.exec(text);
		if (!match) throw valueError(`invalid semantic version '${text}'`);
		return {numbers: match.slice(1, 4).map(Number), pre: match[4]?.split('.')};
	}) as [{numbers: number[]; pre?: string[]}, {numbers: number[]; pre?: string[]}];
	for (const [index, number] of left.numbers.entries())
		if (number !== right.numbers[index]) return number - right.numbers[index]!;
	if (!left.pre || !right.pre) return left.pre ? -1 : right.pre ? 1 : 0;
	for (let index = 0; index < Math.min(left.pre.length, right.pre.length); index++) {
		const [one, other] = [left.pre[index]!, right.pre[index]!];
		if (one === other) continue;
		const [numeric, otherNumeric] = [/^\d+$/.test(one), /^\d+$/.test(other)];
		if (numeric && otherNumeric) return Number(one) - Number(other);
		if (numeric !== otherNumeric) return numeric ? -1 : 1;
		return one < other ? -1 : 1;
	}
	return left.pre.length - right.pre.length;
}

const kinds: Record<string, (a: string, b: string) => number> = {
	loose: (a, b) => compareParts(loose(a), loose(b)),
	strict: compareStrict,
	semver: compareSemver,
	semantic: compareSemver,
	pep440: comparePep440,
};

function list(names: readonly string[]): string {
	return names.map((name) => pythonRepr(name)).join(', ');
}

function versionHolds(value: Value, version: Value, operator: Value, isStrict: Value, kind: Value): boolean {
	if (isStrict !== null && kind !== null) throw valueError("Cannot specify both 'strict' and 'version_type'");
	if (!isTruthy(value)) throw valueError('Input version value cannot be empty');
	if (!isTruthy(version)) throw valueError('Version parameter to compare against cannot be empty');
	const kindName = isTruthy(isStrict) ? 'strict' : isTruthy(kind) ? (textOf(kind) ?? '') : 'loose';
	if (!Object.hasOwn(kinds, kindName))
		throw valueError(`Invalid version type (${kindName}). Must be one of ${list(Object.keys(kinds))}`);
	const name = textOf(operator) ?? '';
	if (!Object.hasOwn(operatorNames, name))
		throw valueError(`Invalid operator type (${name}). Must be one of ${list(Object.keys(operatorNames))}`);
	try {
		return operators[operatorNames[name]!]!(kinds[kindName]!(pythonStr(value), pythonStr(version)));
	} catch (fault) {
		throw valueError(`Version comparison failed: ${(fault as Error).message}`);
	}
}

/** The comparison of version numbers. */
export const versionTests: TestTable = {
	version: {
		summary: 'A version number compares so with another: loosely, or strict, semver, pep440.',
		signature: "value, version, operator='eq', strict=None, version_type=None",
		aliases: ['version_compare'],
		example: ["'1.10' is version('1.9', '>')", 'True'],
		call: (_context, value, version, operator, isStrict, kind) => versionHolds(value!, version!, operator!, isStrict!, kind!),
	},
};
