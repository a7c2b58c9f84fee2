import type {Secret} from '../../jinja/jinja.js';
import type {ArgumentSpecs} from '../argument-spec.js';

export interface UserArgs extends Record<string, unknown> {
	readonly name: string;
	readonly state: 'absent' | 'present';
	readonly uid?: number;
	readonly non_unique: boolean;
	readonly group?: string;
	readonly groups?: readonly string[];
	readonly append: boolean;
	readonly comment?: string;
	readonly home?: string;
	readonly shell?: string;
	readonly password?: string | Secret;
	readonly password_lock?: boolean;
	readonly update_password: 'always' | 'on_create';
	readonly password_expire_max?: number;
	readonly password_expire_min?: number;
	readonly password_expire_warn?: number;
	readonly password_expire_account_disable?: number;
	readonly expires?: number;
	readonly create_home: boolean;
	readonly move_home: boolean;
	readonly skeleton?: string;
	readonly umask?: string;
	readonly system: boolean;
	readonly force: boolean;
	readonly remove: boolean;
	readonly local?: boolean;
	readonly seuser?: string;
	readonly uid_min?: number;
	readonly uid_max?: number;
	readonly generate_ssh_key?: boolean;
	readonly ssh_key_bits: number;
	readonly ssh_key_type: string;
	readonly ssh_key_file?: string;
	readonly ssh_key_comment: string;
	readonly ssh_key_passphrase?: string | Secret;
}

const elsewhere = 'Without meaning on Linux.';

export const userArguments: ArgumentSpecs = {
	state: {type: 'str', default: 'present', choices: ['absent', 'present'], description: 'Whether the user shall be there.'},
	name: {type: 'str', required: true, aliases: ['user'], description: 'The user.'},
	uid: {type: 'int', description: 'The number.'},
	non_unique: {type: 'bool', default: false, description: 'Allow a number that another user has.'},
	group: {type: 'str', description: 'The primary group, by name or number.'},
	groups: {type: 'list', elements: 'str', description: 'Further groups; an empty list leaves none.'},
	append: {type: 'bool', default: false, description: 'Keep the groups that are not named.'},
	comment: {type: 'str', description: 'The full name or a description (GECOS).'},
	home: {type: 'path', description: 'The home folder.'},
	shell: {type: 'path', description: 'The login shell.'},
	password: {type: 'str', no_log: true, description: 'The hash of the password, as crypt(5) writes it.'},
	password_lock: {type: 'bool', no_log: false, description: 'Lock the password (`!` before its hash), or unlock it.'},
	update_password: {
		type: 'str',
		default: 'always',
		choices: ['always', 'on_create'],
		no_log: false,
		description: 'Whether the password of a user who is there is changed.',
	},
	password_expire_max: {type: 'int', no_log: false, description: 'Days after which the password must be changed.'},
	password_expire_min: {type: 'int', no_log: false, description: 'Days before which it cannot be changed.'},
	password_expire_warn: {type: 'int', no_log: false, description: 'Days of warning before that.'},
	password_expire_account_disable: {type: 'int', no_log: false, description: 'Days after expiry until the account is closed.'},
	expires: {type: 'float', description: 'When the account expires, in seconds since 1970; negative: never.'},
	create_home: {type: 'bool', default: true, aliases: ['createhome'], description: 'Make the home folder when it is missing.'},
	move_home: {type: 'bool', default: false, description: 'Move the old home folder to the new place.'},
	skeleton: {type: 'str', description: 'The folder that a new home is a copy of.'},
	umask: {type: 'str', description: 'The umask for a new home.'},
	system: {type: 'bool', default: false, description: 'Make a system user.'},
	force: {type: 'bool', default: false, description: 'Remove though logged in; overwrite an ssh key.'},
	remove: {type: 'bool', default: false, description: 'Remove the home folder and mail too.'},
	local: {type: 'bool', description: "Look at the host's own files only, not at a directory."},
	seuser: {type: 'str', description: 'The SELinux user.'},
	uid_min: {type: 'int', description: 'The lowest number to take.'},
	uid_max: {type: 'int', description: 'The highest number to take.'},
	generate_ssh_key: {type: 'bool', description: 'Make an ssh key when there is none.'},
	ssh_key_bits: {type: 'int', default: 0, description: "Its bits; 0: ssh-keygen's own default."},
	ssh_key_type: {type: 'str', default: 'rsa', description: 'Its type.'},
	ssh_key_file: {type: 'path', description: 'Its file, in the home folder unless absolute.'},
	ssh_key_comment: {type: 'str', default: 'ansible-generated', description: 'Its comment.'},
	ssh_key_passphrase: {type: 'str', no_log: true, description: 'Its passphrase.'},
	login_class: {type: 'str', description: elsewhere},
	hidden: {type: 'bool', description: elsewhere},
	profile: {type: 'str', description: elsewhere},
	authorization: {type: 'str', description: elsewhere},
	role: {type: 'str', description: elsewhere},
};

const lengths: Readonly<Record<string, number>> = {'1': 22, '5': 43, '6': 86, y: 43};

/** Whether a text can be the hash of a password, by the rules of Ansible's `user`. */
export function looksHashed(password: string): boolean {
	if (password === '' || ['*', '!', '*************'].includes(password)) return true;
	const fields = password.split('$');
	const last = fields.at(-1)!;
	if (/[:*!]/.test(password) || fields.length < 3 || /[^a-zA-Z0-9./=]/.test(last)) return false;
	const length = lengths[fields[1]!];
	return length === undefined || last.length === length;
}
