// Error code -> what happened and what to do. A new code on the Rust side needs its entry here and in errors.es.ts.
export default {
  NOT_SIGNED_IN: { what: 'The session is locked.', todo: 'Type your passphrase to go on.' },
  WRONG_PASSPHRASE: {
    what: 'The passphrase is not right.',
    todo: 'Check capitals and keyboard layout, and try again. If you have forgotten it, restore with the recovery kit.',
  },
  WEAK_PASSPHRASE: {
    what: 'The passphrase is easy to guess.',
    todo: 'Use four or more words that do not form a known phrase.',
  },
  KEYCHAIN_MISSING: {
    what: 'No keychain is running on this computer.',
    todo: 'Start the system keychain (on Linux: GNOME Keyring or KWallet) and retry. Atalaya never keeps keys in an unencrypted file.',
  },
  KEYCHAIN_LOCKED: {
    what: 'The system keychain is locked.',
    todo: 'Unlock it with the password of your system session and retry.',
  },
  KEYCHAIN_TIMEOUT: {
    what: 'The system keychain did not answer in time.',
    todo: 'Look for a system window that asks for your password, answer it and retry.',
  },
  KEYCHAIN_ITEM_MISSING: {
    what: 'The keychain holds nothing for this connection.',
    todo: 'Restore access with the recovery kit, or choose another connection.',
  },
  KEYCHAIN_ITEM_DAMAGED: {
    what: 'What the keychain holds for this connection cannot be read.',
    todo: 'Restore access with the recovery kit. The data of the CRM is not affected.',
  },
  CONNECTION_CHANGED: {
    what: 'This connection no longer leads to the place that its keys were sealed for. Nothing was sent there. Sealed: {{sealed}}. Now: {{found}}.',
    todo: 'If the server was moved on purpose, look at the new place and confirm it with your passphrase. If not, somebody changed console.json on this machine: stop here and tell whoever is responsible for security.',
  },
  ACCESS_DENIED: {
    what: 'Your role does not allow this.',
    todo: 'The attempt was recorded. If your work needs it, ask an administrator for the right.',
  },
  ENTITY_NOT_FOUND: {
    what: 'This no longer exists, or is out of your reach.',
    todo: 'Refresh the list; somebody else may have changed it.',
  },
  VALIDATION_FAILED: {
    what: 'A value does not have the expected form.',
    todo: 'Check the fields and try again. {{field}}',
  },
  CONFLICT: {
    what: 'This contradicts something that exists already.',
    todo: 'Refresh, compare with what is there, and decide what should remain.',
  },
  DSN_INVALID: {
    what: 'The connection string cannot be understood.',
    todo: 'It should look like postgresql://user:password@server:5432/database.',
  },
  DB_UNREACHABLE: {
    what: 'The database server does not answer. {{host}}',
    todo: 'Check server and port, that PostgreSQL is running, and that the network or firewall lets the connection through.',
  },
  DB_AUTH_FAILED: {
    what: 'The server refused the user or the password.',
    todo: 'Check both, and that the server accepts this user from this computer (pg_hba.conf).',
  },
  DB_TLS_REFUSED: {
    what: 'No encrypted connection could be agreed with the server.',
    todo: 'Turn TLS on at the server, or choose another TLS mode only if you fully trust the network.',
  },
  DB_CERTIFICATE_INVALID: {
    what: 'The server’s certificate is not trusted or carries another name.',
    todo: 'Choose the file of your certificate authority (CA), and use the server name that the certificate carries.',
  },
  DB_MISSING: {
    what: 'The server has no database of that name. {{database}}',
    todo: 'Check the name; upper and lower case matter.',
  },
  DB_NOT_A_CRM: {
    what: 'This database is not a CRM that Atalaya knows.',
    todo: 'Make sure that it is the right database. Nothing in it was changed.',
  },
  DB_VERSION_UNSUPPORTED: {
    what: 'This PostgreSQL version is too old. {{version}}',
    todo: 'Atalaya needs PostgreSQL 15 or newer. Upgrade the server and try again.',
  },
  DB_ROLE_UNSAFE: {
    what: 'This database user can do more than it should.',
    todo: 'Do not use a superuser, or one that bypasses row security. Use an administrator with CREATEROLE.',
  },
  DB_RIGHTS_MISSING: {
    what: 'This database user lacks a right that this step needs.',
    todo: 'The administrator needs CREATEROLE; the CRM’s owner must own its tables. {{grant}} Put it right and retry: work goes on where it stopped.',
  },
  DB_LOGIN_SHUT: {
    what: 'The server knows this user, but does not let it into this database.',
    todo: 'It may have been suspended, or never been let in. Ask whoever administers users, or your DBA (GRANT CONNECT).',
  },
  DB_ELSEWHERE: {
    what: 'The logins lead to another database than this one. {{database}}',
    todo: 'It may be a copy with the same name on another server or port. Nothing was changed there or here. Check server and port, and try again.',
  },
  DB_LOST: {
    what: 'The connection to the database was lost.',
    todo: 'What was committed is safe. Retry when the server answers again.',
  },
  DB_BUSY: {
    what: 'The database is busy and did not answer in time.',
    todo: 'Wait a moment and retry, or narrow the query with a filter.',
  },
  DB_TIMEOUT: {
    what: 'The query took longer than two minutes and was given up. Nothing was changed.',
    todo: 'Retry. Where there is a filter or a period, narrow it first.',
  },
  QUERY_TOO_BROAD: {
    what: 'The query covers too much to be answered within two seconds.',
    todo: 'Narrow it: a shorter period, an event type, an actor or a tenant. Free text is found sooner where the rest leaves fewer events.',
  },
  DB_NEWER_SCHEMA: {
    what: 'A newer Atalaya has already upgraded this database.',
    todo: 'Install that version on this computer and open it again.',
  },
  ALREADY_ADOPTED: {
    what: 'Atalaya already administers this database.',
    todo: 'To open it from this computer, use “Restore with a recovery kit”.',
  },
  DECISION_MISSING: {
    what: 'The data leaves a choice open: {{decision}}.',
    todo: 'Go back to the inspection, choose there, and go on.',
  },
  ADOPTION_RUNNING: {
    what: 'Somebody else is adopting this database, or another one of the same server, at this moment.',
    todo: 'Wait until they are done, or close that program, and repeat: what is left will be done.',
  },
  COMMIT_UNKNOWN: {
    what: 'The connection broke while saving: the change may or may not have been made.',
    todo: 'Refresh and check before you repeat it. The request number finds it in the audit log.',
  },
  CANCELLED: { what: 'Cancelled.', todo: 'Nothing was left half done.' },
  DISK_FULL: {
    what: 'No room is left on the disk.',
    todo: 'Free some space or choose another folder, and repeat. The incomplete file was removed.',
  },
  FILE_UNWRITABLE: {
    what: 'The file cannot be read or written there.',
    todo: 'Choose another folder, or check the permissions of this one. {{path}}',
  },
  KIT_WORDS_WRONG: {
    what: 'The words do not match the recovery kit.',
    todo: 'Compare each word and its number with your copy. Order matters; capitals do not.',
  },
  KIT_FILE_INVALID: {
    what: 'The file is no recovery file, or its passphrase is not the right one.',
    todo: 'Make sure that you chose the kit’s file and the passphrase it was saved with.',
  },
  KIT_REPLACED: {
    what: 'A newer recovery kit has taken the place of this one. Nothing was changed.',
    todo: 'Use the newest kit. If you did not expect that there is another, tell whoever is responsible for security.',
  },
  POSTGRES_BINARIES_MISSING: {
    what: 'PostgreSQL 15 or newer was not found on this computer.',
    todo: 'Install it (on Debian or Ubuntu: sudo apt install postgresql) and retry. You can also connect to an existing server.',
  },
  POSTGRES_DATA_VERSION: {
    what: 'The data of the local workspace belongs to another PostgreSQL version. {{version}}',
    todo: 'Install that version, or move the data with pg_upgrade. Nothing was touched.',
  },
  POSTGRES_START_FAILED: {
    what: 'The embedded PostgreSQL could not start.',
    todo: 'Make sure that the disk has room and that no other program uses its folder, and retry. The reason is in Atalaya’s log.',
  },
  ENV_FILE_INVALID: {
    what: 'The .env file cannot be read.',
    todo: 'Each line should look like NAME=value. Nothing was imported.',
  },
  SIGNATURE_INVALID: {
    what: 'A signature is not from anybody trusted.',
    todo: 'Somebody may have altered the database. Stop here: tell whoever is responsible for security, with the request number.',
  },
  INTERNAL: {
    what: 'Something failed inside Atalaya.',
    todo: 'Retry. If it happens again, send the log to whoever maintains your installation, with the request number where one is shown.',
  },
}
