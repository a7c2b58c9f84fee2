/*
 * Powers and logarithms rounded as the C library of Python rounds them: V8's are off by one in the last place in several of a hundred cases
 * (`2 ** 1.5`, `3 | log`), and these digits are printed. Computed with big integers as fixed-point numbers.
 */

/** Bits behind the point: what a double needs, twice the 10 of its largest exponent, and room for the errors of some hundred steps. */
const precision = 192n;
const one = 1n << precision;

/** A positive finite double as `mantissa * 2 ** exponent`. */
function decompose(value: number): {mantissa: bigint; exponent: number} {
	const view = new DataView(new ArrayBuffer(8));
	view.setFloat64(0, value);
	const bits = view.getBigUint64(0);
	const biased = Number((bits >> 52n) & 0x7ffn);
	const fraction = bits & 0xfffffffffffffn;
	return biased === 0 ? {mantissa: fraction, exponent: -1074} : {mantissa: fraction | (1n << 52n), exponent: biased - 1075};
}

/** `2 atanh(z)`, which is `ln((1 + z) / (1 - z))`, for `z` up to a third. */
function doubleAtanh(z: bigint): bigint {
	const square = (z * z) >> precision;
	let term = z;
	let sum = 0n;
	for (let divisor = 1n; term !== 0n; divisor += 2n) {
		sum += term / divisor;
		term = (term * square) >> precision;
	}
	return 2n * sum;
}

const ln2 = doubleAtanh(one / 3n);

/** The natural logarithm of a positive double. */
function logarithm(value: number): bigint {
	const {mantissa, exponent} = decompose(value);
	const length = BigInt(mantissa.toString(2).length - 1);
	const fraction = (mantissa << precision) >> length;
	return (BigInt(exponent) + length) * ln2 + doubleAtanh(((fraction - one) << precision) / (fraction + one));
}

/** The double nearest to a fixed-point number times a power of two. */
function nearest(value: bigint, exponent = 0): number {
	const scale = exponent - Number(precision);
	// In two steps: the first power alone may be out of range.
	return Number(value) * 2 ** Math.ceil(scale / 2) * 2 ** Math.floor(scale / 2);
}

/** `e ** value` as a fixed-point number and a power of two. */
function exponential(value: bigint): number {
	let power = value / ln2;
	let rest = value % ln2;
	if (rest < 0n) {
		power -= 1n;
		rest += ln2;
	}
	let term = one;
	let sum = one;
	for (let divisor = 1n; term !== 0n; divisor++) {
		term = ((term * rest) >> precision) / divisor;
		sum += term;
	}
	return nearest(sum, Number(power));
}

/** The natural logarithm. */
export function exactLog(value: number): number {
	return value > 0 && Number.isFinite(value) ? nearest(logarithm(value)) : Math.log(value);
}

/** The logarithm to the base ten: not the nearest double, but the sum of two parts with which the C library computes it. */
export function exactLog10(value: number): number {
	if (!(value > 0 && Number.isFinite(value))) return Math.log10(value);
	const {mantissa, exponent} = decompose(value);
	const length = mantissa.toString(2).length - 1;
	const power = exponent + length + (exponent + length < 0 ? 1 : 0);
	const fraction = value / 2 ** power;
	const low = power * 3.694239077158931e-13 + Math.LOG10E * exactLog(fraction);
	return low + power * 0.30102999566361177;
}

/** `base ** exponent`; what is not a usual number (infinity, 0 for what is too small) is left to JavaScript, which has the same rules. */
export function exactPower(base: number, exponent: number): number {
	const rough = base ** exponent;
	if (!Number.isFinite(rough) || Math.abs(rough) < 1e-300 || base === 0 || exponent === 0 || exponent === 1) return rough;
	const {mantissa, exponent: scale} = decompose(Math.abs(exponent));
	const product = mantissa * logarithm(Math.abs(base));
	const shifted = scale >= 0 ? product << BigInt(scale) : product >> BigInt(-scale);
	const power = exponential(exponent < 0 ? -shifted : shifted);
	return Number.isFinite(power) ? Math.sign(rough) * power : rough;
}
