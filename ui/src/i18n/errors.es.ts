// Código de error -> qué pasó y qué hacer. Un código nuevo del lado de Rust necesita su entrada aquí y en errors.en.ts.
export default {
  NOT_SIGNED_IN: { what: 'La sesión está bloqueada.', todo: 'Escriba su frase de contraseña para continuar.' },
  WRONG_PASSPHRASE: {
    what: 'La frase de contraseña no es correcta.',
    todo: 'Revise mayúsculas e idioma del teclado e inténtelo otra vez. Si la olvidó, restaure con el kit de recuperación.',
  },
  WEAK_PASSPHRASE: {
    what: 'La frase de contraseña es fácil de adivinar.',
    todo: 'Use cuatro o más palabras que no formen una frase conocida.',
  },
  KEYCHAIN_MISSING: {
    what: 'Este equipo no tiene un llavero en funcionamiento.',
    todo: 'Inicie el llavero del sistema (en Linux: GNOME Keyring o KWallet) y reintente. Atalaya nunca guarda llaves en un archivo sin cifrar.',
  },
  KEYCHAIN_LOCKED: {
    what: 'El llavero del sistema está bloqueado.',
    todo: 'Desbloquéelo con la contraseña de su sesión del sistema y reintente.',
  },
  KEYCHAIN_TIMEOUT: {
    what: 'El llavero del sistema no respondió a tiempo.',
    todo: 'Busque una ventana del sistema que pida su contraseña, respóndala y reintente.',
  },
  KEYCHAIN_ITEM_MISSING: {
    what: 'El llavero no guarda nada para esta conexión.',
    todo: 'Restaure el acceso con el kit de recuperación, o elija otra conexión.',
  },
  KEYCHAIN_ITEM_DAMAGED: {
    what: 'Lo que el llavero guarda para esta conexión no se puede leer.',
    todo: 'Restaure el acceso con el kit de recuperación. Los datos del CRM no están afectados.',
  },
  CONNECTION_CHANGED: {
    what: 'Esta conexión ya no lleva al lugar para el que se sellaron sus llaves. No se envió nada allí. Sellado: {{sealed}}. Ahora: {{found}}.',
    todo: 'Si el servidor se movió a propósito, revise el lugar nuevo y confírmelo con su frase de contraseña. Si no, alguien cambió console.json en este equipo: no siga y avise al responsable de seguridad.',
  },
  ACCESS_DENIED: {
    what: 'Su rol no permite esto.',
    todo: 'El intento quedó registrado. Si lo necesita para su trabajo, pida el permiso a un administrador.',
  },
  ENTITY_NOT_FOUND: {
    what: 'Esto ya no existe, o no está a su alcance.',
    todo: 'Actualice la lista; otra persona pudo haberlo cambiado.',
  },
  VALIDATION_FAILED: {
    what: 'Un dato no tiene la forma esperada.',
    todo: 'Revise los campos e inténtelo otra vez. {{field}}',
  },
  CONFLICT: {
    what: 'Esto contradice algo que ya existe.',
    todo: 'Actualice, compare con lo que hay y decida qué debe quedar.',
  },
  DSN_INVALID: {
    what: 'La cadena de conexión no se entiende.',
    todo: 'Debe tener la forma postgresql://usuario:contraseña@servidor:5432/base.',
  },
  DB_UNREACHABLE: {
    what: 'El servidor de base de datos no responde. {{host}}',
    todo: 'Revise servidor y puerto, que PostgreSQL esté en marcha y que la red o el cortafuegos permitan la conexión.',
  },
  DB_AUTH_FAILED: {
    what: 'El servidor rechazó el usuario o la contraseña.',
    todo: 'Revise ambos y que el servidor acepte a este usuario desde este equipo (pg_hba.conf).',
  },
  DB_TLS_REFUSED: {
    what: 'No se pudo acordar una conexión cifrada con el servidor.',
    todo: 'Active TLS en el servidor, o elija otro modo TLS solo si la red es de plena confianza.',
  },
  DB_CERTIFICATE_INVALID: {
    what: 'El certificado del servidor no es de confianza o es de otro nombre.',
    todo: 'Elija el archivo de su autoridad certificadora (CA) y use el nombre de servidor que figura en el certificado.',
  },
  DB_MISSING: {
    what: 'No hay una base de datos con ese nombre en el servidor. {{database}}',
    todo: 'Revise el nombre; distingue mayúsculas de minúsculas.',
  },
  DB_NOT_A_CRM: {
    what: 'Esta base de datos no es un CRM que Atalaya conozca.',
    todo: 'Compruebe que sea la base correcta. No se cambió nada en ella.',
  },
  DB_VERSION_UNSUPPORTED: {
    what: 'La versión de PostgreSQL es demasiado antigua. {{version}}',
    todo: 'Atalaya necesita PostgreSQL 15 o posterior. Actualice el servidor e inténtelo otra vez.',
  },
  DB_ROLE_UNSAFE: {
    what: 'Este usuario de base de datos puede más de lo que debe.',
    todo: 'No use un superusuario ni uno que evite la seguridad por filas. Use un administrador con CREATEROLE.',
  },
  DB_RIGHTS_MISSING: {
    what: 'A este usuario de base de datos le falta un derecho para este paso.',
    todo: 'El administrador necesita CREATEROLE; el dueño del CRM, ser dueño de sus tablas. {{grant}} Corríjalo y reintente: se continúa donde quedó.',
  },
  DB_LOGIN_SHUT: {
    what: 'El servidor conoce a este usuario, pero no lo deja entrar en esta base de datos.',
    todo: 'Puede estar suspendido o no haber tenido nunca acceso. Pregunte a quien administra los usuarios o a su DBA (GRANT CONNECT).',
  },
  DB_ELSEWHERE: {
    what: 'Los usuarios llevan a una base de datos distinta de esta. {{database}}',
    todo: 'Puede ser una copia con el mismo nombre en otro servidor o puerto. No se cambió nada, ni allí ni aquí. Revise servidor y puerto y vuelva a intentarlo.',
  },
  DB_LOST: {
    what: 'Se perdió la conexión con la base de datos.',
    todo: 'Lo que estaba confirmado sigue a salvo. Reintente cuando el servidor responda.',
  },
  DB_BUSY: {
    what: 'La base de datos está ocupada y no respondió a tiempo.',
    todo: 'Espere un momento y reintente, o acote la consulta con un filtro.',
  },
  DB_TIMEOUT: {
    what: 'La consulta tardó más de dos minutos y se abandonó. No se cambió nada.',
    todo: 'Reintente. Si hay un filtro o un período, acótelo antes.',
  },
  QUERY_TOO_BROAD: {
    what: 'La consulta abarca demasiado para responder en dos segundos.',
    todo: 'Acótela: un período más corto, un tipo de evento, un actor o una empresa. El texto libre se busca antes si lo demás deja menos eventos.',
  },
  DB_NEWER_SCHEMA: {
    what: 'Una versión más nueva de Atalaya ya actualizó esta base de datos.',
    todo: 'Instale esa versión en este equipo y vuelva a abrirla.',
  },
  ALREADY_ADOPTED: {
    what: 'Atalaya ya administra esta base de datos.',
    todo: 'Para abrirla desde este equipo, use «Restaurar con un kit de recuperación».',
  },
  DECISION_MISSING: {
    what: 'Los datos dejan una elección abierta: {{decision}}.',
    todo: 'Vuelva a la inspección, elija allí y continúe.',
  },
  ADOPTION_RUNNING: {
    what: 'Otra persona está adoptando esta base de datos, u otra del mismo servidor, en este momento.',
    todo: 'Espere a que termine, o cierre ese programa, y repita: se hará lo que falte.',
  },
  COMMIT_UNKNOWN: {
    what: 'La conexión se cortó justo al guardar: el cambio pudo hacerse o no.',
    todo: 'Actualice y compruébelo antes de repetir. El número de solicitud permite buscarlo en la auditoría.',
  },
  CANCELLED: { what: 'Cancelado.', todo: 'No quedó nada a medias.' },
  DISK_FULL: {
    what: 'No queda espacio en el disco.',
    todo: 'Libere espacio o elija otra carpeta y repita. El archivo incompleto se eliminó.',
  },
  FILE_UNWRITABLE: {
    what: 'El archivo no se puede leer o escribir en ese lugar.',
    todo: 'Elija otra carpeta, o revise los permisos de esta. {{path}}',
  },
  KIT_WORDS_WRONG: {
    what: 'Las palabras no coinciden con el kit de recuperación.',
    todo: 'Compare cada palabra y su número con su copia. El orden importa; mayúsculas y acentos no.',
  },
  KIT_FILE_INVALID: {
    what: 'El archivo no es de recuperación, o su contraseña no es la correcta.',
    todo: 'Compruebe que eligió el archivo del kit y la contraseña con que lo guardó.',
  },
  KIT_REPLACED: {
    what: 'Un kit de recuperación más nuevo reemplazó a este. No se cambió nada.',
    todo: 'Use el kit más reciente. Si no esperaba que hubiera otro, avise al responsable de seguridad.',
  },
  POSTGRES_BINARIES_MISSING: {
    what: 'No se encontró PostgreSQL 15 o posterior en este equipo.',
    todo: 'Instálelo (en Debian o Ubuntu: sudo apt install postgresql) y reintente. También puede conectarse a un servidor existente.',
  },
  POSTGRES_DATA_VERSION: {
    what: 'Los datos del espacio local son de otra versión de PostgreSQL. {{version}}',
    todo: 'Instale esa versión, o migre los datos con pg_upgrade. No se tocó nada.',
  },
  POSTGRES_START_FAILED: {
    what: 'El PostgreSQL propio no pudo arrancar.',
    todo: 'Compruebe que haya espacio en el disco y que ningún otro programa use su carpeta, y reintente. El motivo está en el registro de Atalaya.',
  },
  ENV_FILE_INVALID: {
    what: 'El archivo .env no se puede leer.',
    todo: 'Cada línea debe tener la forma NOMBRE=valor. No se importó nada.',
  },
  SIGNATURE_INVALID: {
    what: 'Una firma no es de nadie de confianza.',
    todo: 'Alguien pudo haber alterado la base de datos. No siga: avise al responsable de seguridad con el número de solicitud.',
  },
  INTERNAL: {
    what: 'Algo falló dentro de Atalaya.',
    todo: 'Reintente. Si se repite, envíe el registro a quien mantiene su instalación, con el número de solicitud si aparece uno.',
  },
}
