/** The lists of algorithms that ssh2 has: its own types leave them out. */
declare module 'ssh2/lib/protocol/constants.js' {
	const constants: Readonly<
		Record<`${'DEFAULT' | 'SUPPORTED'}_${'KEX' | 'CIPHER' | 'MAC' | 'SERVER_HOST_KEY'}`, readonly string[]>
	>;
	export default constants;
}
