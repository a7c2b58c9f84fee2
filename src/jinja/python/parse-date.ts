import {DateTime} from '../value.js';

const shape =
	/^(\d{4})-(\d\d?)-(\d\d?)(?:(?:[Tt]|[ \t]+)(\d\d?):(\d\d):(\d\d)(?:\.(\d*))?(?:[ \t]*(Z|([-+])(\d\d?)(?::?(\d\d))?))?)?$/;

/** A YAML 1.1 timestamp as PyYAML reads it; undefined when it names no day there is. */
export function parseYamlDate(text: string, hasTime: boolean): DateTime | undefined {
	const match = shape.exec(text);
	if (!match) return undefined;
	const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0)) as [
		number,
		number,
		number,
		number,
		number,
		number,
	];
	const clock = new Date(0);
	clock.setUTCFullYear(year, month - 1, day);
	if (clock.getUTCMonth() !== month - 1 || clock.getUTCDate() !== day || hour > 23 || minute > 59 || second > 59)
		return undefined;
	const microseconds =
		BigInt(clock.getTime()) * 1000n +
		BigInt((hour * 60 + minute) * 60 + second) * 1_000_000n +
		BigInt((match[7] ?? '').slice(0, 6).padEnd(6, '0'));
	if (!hasTime) return new DateTime(microseconds, false);
	if (match[8] === undefined) return new DateTime(microseconds, true);
	const offset = match[9] === undefined ? 0 : (match[9] === '-' ? -1 : 1) * (Number(match[10]) * 60 + Number(match[11] ?? 0));
	return new DateTime(microseconds, true, offset);
}
