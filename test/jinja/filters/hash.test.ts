import {testRows} from '../filter-rows.js';

testRows([
	["'x' | hash('sha3_256')", "'741efa311f97686956946758e0d95f70f11ff2da4f2feb7c54314f44134ac49f'"],
	["'x' | hash('sha512_256')", "'6a1db6c1dd481f7aab2adb9c262b210edcca35624ec64c29ffca6857b1e30253'"],
	[
		"'x' | hash('blake2b')",
		"'0909377ad35110cafb2909e185672b7f2728d1f5094f8ad68d6fac6274bf1f499485a80ea364c04ed006d29459ea3cb7c600280e2f83e032529906f88ae30d0a'",
	],
	["'x' | hash('SHA256')", "'2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881'"],
	["'x' | hash('nope')"],
	["'\u00e9' | sha1", "'bf15be717ac1b080b4f1c456692825891ff5073d'"],
	["[1, 'a'] | md5", "'739011f03aebab89fddb73f8bf422b8d'"],
	["'x' | checksum", "'11f6ad8ec52a2984abaafd7c3b516503785c2072'"],
	[
		"'secret' | password_hash('sha512', 'mysalt', rounds=1000)",
		"'$6$rounds=1000$mysalt$GWqo/Lq3SURYGcNVPiffI5Ic1x2WLu.e2sf9owxedsXuZK/w2K89mrRPOcDayUvRWxd/x1F1WhRLB4W89a23d.'",
	],
	[
		"'secret' | password_hash('sha256', 'mysalt', rounds=1001)",
		"'$5$rounds=1001$mysalt$Nqg/oM54PBApuQ2eMj/nmFlhQL0v3QA1GjNSElGwHO/'",
	],
	[
		"('p' * 70) | password_hash('sha512', 'abcdefghijklmnop', rounds=1234)",
		"'$6$rounds=1234$abcdefghijklmnop$Dh44WqvPtlBcSn8XDfAqqZKvCS06vuNEwICPhtd82uJI2puBuABi6OKDPq4eIY8w8L.lXJKeLs/X/oIZmT52x1'",
	],
	["'' | password_hash('sha256', 'a', rounds=5000)", "'$5$rounds=5000$a$CZ9Csdk0HaS3TQcxgDHTwM2gwOEDCViPn83i6BpFdH.'"],
	[
		"'\u00e9\u2713' | password_hash('sha256_crypt', 'a./Z', rounds=2000)",
		"'$5$rounds=2000$a./Z$s6cpEOjRjEaFth8j0IotmdCynSlURjMgJHQ8wodnrgB'",
	],
	["('p' * 70) | password_hash('md5', 'abcdefgh')", "'$1$abcdefgh$i5J2lKqn4np24r6bYyYQB0'"],
	["'' | password_hash('md5', 'a')", "'$1$a$8CfZSfErbeskipdhZHtvu.'"],
	[
		"'secret' | password_hash('bcrypt', '1234567890123456789012', rounds=4)",
		"'$2b$04$123456789012345678901u//h8y7tq3SNKU3W0iQ9NrkyT8n5fXPS'",
	],
	[
		"'\u00e9' | password_hash('blowfish', 'abcdefghijklmnopqrstuu', rounds=5, ident='2a')",
		"'$2a$05$abcdefghijklmnopqrstuuKu1GLRsz4r8jvuCir5ziTflSNo/OKtK'",
	],
	["'secret' | password_hash('sha512', 'mysalt', rounds=10)"],
	["'secret' | password_hash('sha512', 'bad salt')"],
	["'secret' | password_hash('sha512', 'abcdefghijklmnopq')"],
	["'secret' | password_hash('bcrypt', 'short')"],
	["'secret' | password_hash('sha512', salt_size=20)"],
	["'secret' | password_hash('yescrypt', 'x')"],
	["'x' | to_uuid", "'66b2f013-1baa-5313-9c8c-e6f1182e0e90'"],
	["'x' | to_uuid(namespace='{6BA7B810-9dad-11d1-80b4-00c04fd430c8}')", "'05b16a01-46c6-56dd-bd6e-c6dfb4a1427a'"],
	["'x' | to_uuid(namespace='nope')"],
]);
