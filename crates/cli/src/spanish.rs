//! What `--help` says in Spanish. The English texts are the comments in `args`; a test finds what is missing here or left over.

/// Texts of a few arguments: id and text.
type Group = &'static [(&'static str, &'static str)];

/// One command.
pub struct Words {
    /// Its name behind `atalayactl`, with those of the commands above it.
    pub path: &'static str,
    /// What it does.
    pub about: &'static str,
    /// Its arguments; those of [`EVERYWHERE`] are not among them.
    pub arguments: &'static [Group],
}

/// Arguments of every command.
pub const EVERYWHERE: Group = &[
    ("json", "Respuestas y errores como JSON"),
    ("lang", "Idioma de los mensajes; si no se indica, el de LC_ALL, LC_MESSAGES o LANG"),
    ("version", "Mostrar la versión"),
];

/// `--help` where there is a longer one, and its text in that one.
pub const HELP: (&str, &str) =
    ("Mostrar la ayuda (más con '--help')", "Mostrar la ayuda (un resumen con '-h')");

/// The command `help`, which every command with commands has.
pub const HELP_COMMAND: &str = "Mostrar esta ayuda o la de un comando";

/// Below the help of `atalayactl`.
pub const EXIT_CODES: &str = "Códigos de salida: 0 hecho, 1 fallo interno, 2 uso o valor incorrecto, 3 rechazado, \
    4 no encontrado, 5 servidor inaccesible o perdido, 6 conflicto o ya hecho, 7 llavero o frase de contraseña, 8 archivo o disco, \
    9 PostgreSQL propio, 10 el diagnóstico encontró algo, 130 cancelado.";

/// Headings over arguments.
pub const HEADINGS: Group = &[
    (
        "First administrator (otherwise the console finishes the set-up)",
        "Primer administrador (si no, la consola termina la preparación)",
    ),
    (
        "Connection (a DSN file, else ATALAYA_DSN, POSTGRES_DSN or DATABASE_URL, else the keychain)",
        "Conexión (un archivo DSN; si no, ATALAYA_DSN, POSTGRES_DSN o DATABASE_URL; si no, el llavero)",
    ),
    ("Filter", "Filtro"),
];

/// What stands for a value, by its English name.
pub const PLACES: Group = &[
    ("BUCKETS", "N"),
    ("EMAIL", "CORREO"),
    ("EMAIL|ID", "CORREO|ID"),
    ("FILE", "ARCHIVO"),
    ("FIRST_NAME", "NOMBRE"),
    ("FORMAT", "FORMATO"),
    ("ID", "ID"),
    ("ID|EMAIL", "ID|CORREO"),
    ("IP|NETWORK", "IP|RED"),
    ("LANG", "IDIOMA"),
    ("LAST_NAME", "APELLIDO"),
    ("LIMIT", "N"),
    ("NAME", "NOMBRE"),
    ("NAME=CHOICE", "NOMBRE=OPCIÓN"),
    ("NEXT", "SIGUIENTE"),
    ("OUTCOME", "RESULTADO"),
    ("QUERY", "CONSULTA"),
    ("SEVERITY", "SEVERIDAD"),
    ("TIME", "FECHA"),
    ("TYPE", "TIPO"),
];

/// Values that an argument can have: its id, the value, the text.
pub const VALUES: &[(&str, &str, &str)] = &[
    ("lang", "es", "Español"),
    ("lang", "en", "Inglés"),
    ("severity", "info", "Lo esperado"),
    ("severity", "warning", "Merece una mirada"),
    ("severity", "critical", "Necesita a una persona"),
    ("outcome", "ok", "Se hizo"),
    ("outcome", "denied", "Se rechazó"),
    ("outcome", "failed", "Se intentó y no funcionó"),
    (
        "format",
        "csv",
        "RFC 4180; lleva un ' delante lo que una hoja de cálculo tomaría por una fórmula",
    ),
    (
        "format",
        "excel",
        "Como csv, con punto y coma y marca de orden de bytes, para Excel donde el decimal lleva coma",
    ),
    ("format", "jsonl", "Un objeto JSON por línea"),
];

const WAYS: Group = &[
    (
        "dsn_file",
        "Archivo con la cadena de conexión de un administrador: CREATEROLE, no superusuario",
    ),
    (
        "owner_dsn_file",
        "Archivo con la cadena de conexión del usuario propio del CRM, dueño de sus tablas",
    ),
];
const DECISIONS: Group =
    &[("decisions", "Una elección que pide `adopt inspect`; se puede repetir")];
const CONSENT: Group = &[("yes", "No preguntar")];
const ADMINISTRATOR: Group = &[
    ("first_name", "Nombre de un usuario nuevo"),
    ("last_name", "Apellido de un usuario nuevo"),
    ("email", "Correo de un usuario nuevo"),
    (
        "link_ceo",
        "Correo o id de un CEO activo, que será el administrador; `adopt inspect` los enumera",
    ),
    (
        "connection_name",
        "Nombre de la conexión en la consola; si no se indica, el de la base de datos",
    ),
    (
        "passphrase_file",
        "Archivo con la nueva frase de contraseña de la consola; si no, se pregunta",
    ),
];
const KIT_FILE: Group = &[
    (
        "kit_file",
        "Guardar aquí el kit de recuperación, cifrado, en lugar de mostrarlo en la terminal",
    ),
    ("kit_passphrase_file", "Archivo con la frase de contraseña del archivo del kit"),
];
const DSN_FILE: Group =
    &[("dsn_file", "Archivo con la cadena de conexión de un operador, que nadie más pueda leer")];
const KEYCHAIN: Group = &[
    (
        "connection",
        "Nombre o id de una conexión de la consola; si no se indica, la última que se abrió",
    ),
    ("passphrase_file", "Archivo con la frase de contraseña de la consola; si no, se pregunta"),
];
const FILTER: Group = &[
    (
        "query",
        "Consulta como en la consola, por ejemplo '-tipo:read_lead actor:ana cuando:\"últimos 7 días\"'; sus días, y las \
         horas sin zona de desde: y hasta:, son los de la zona de este equipo",
    ),
    ("types", "Tipo de evento, varias veces o separados por comas"),
    ("severity", "Severidad"),
    ("outcome", "Resultado"),
    ("actor", "Id o correo de quien lo hizo"),
    ("tenant", "Empresa"),
    ("system", "Eventos sin empresa; con --tenant, también esos"),
    ("ip", "Dirección o red, por ejemplo 203.0.113.77 o 10.0.0.0/8"),
    (
        "after",
        "Desde esta fecha, incluida, por ejemplo 2026-01-31 (medianoche UTC) o 2026-01-31T10:00:00-03:00",
    ),
    (
        "before",
        "Antes de esta fecha; un día solo empieza a medianoche UTC. En la consulta, desde: y hasta: usan la zona de este equipo",
    ),
];

/// All commands.
pub const COMMANDS: &[Words] = &[
    Words {
        path: "",
        about: "Línea de comandos de Atalaya: el PostgreSQL propio, la adopción de la base de datos de un CRM, la auditoría, un diagnóstico",
        arguments: &[],
    },
    Words { path: "db", about: "El PostgreSQL propio, bajo ATALAYA_HOME", arguments: &[] },
    Words { path: "db start", about: "Iniciarlo y dejarlo en marcha", arguments: &[] },
    Words {
        path: "db stop",
        about: "Detenerlo",
        arguments: &[&[("force", "Aunque lo use una consola u otro comando")]],
    },
    Words { path: "db status", about: "Decir si está en marcha, y dónde", arguments: &[] },
    Words { path: "adopt", about: "Adoptar la base de datos de un CRM", arguments: &[] },
    Words {
        path: "adopt inspect",
        about: "Mirar la base de datos e informar qué se haría, sin cambiar nada",
        arguments: &[WAYS],
    },
    Words {
        path: "adopt apply",
        about: "Adoptar la base de datos; repetido tras una interrupción, hace lo que falta",
        arguments: &[WAYS, CONSENT, DECISIONS, ADMINISTRATOR, KIT_FILE],
    },
    Words {
        path: "adopt plan",
        about: "Mostrar los pasos de la adopción con sus bloqueos y tiempos previstos, o todo como un script para psql; sin cambiar nada",
        arguments: &[
            WAYS,
            DECISIONS,
            &[("sql", "Como un script comentado, para que un DBA lo lea y lo ejecute")],
        ],
    },
    Words {
        path: "adopt revert",
        about: "Devolver la base de datos como estaba, con cada fila escrita desde entonces; posible hasta `finish`",
        arguments: &[WAYS, CONSENT],
    },
    Words {
        path: "adopt finish",
        about: "Quitar los permisos del usuario propio del CRM, y con ellos la vuelta atrás",
        arguments: &[WAYS, CONSENT],
    },
    Words { path: "audit", about: "Leer y exportar la auditoría", arguments: &[] },
    Words {
        path: "audit list",
        about: "Los eventos, primero los más recientes",
        arguments: &[
            DSN_FILE,
            KEYCHAIN,
            FILTER,
            &[
                ("limit", "Como máximo tantos"),
                ("cursor", "Seguir donde terminó una lista anterior (su `next`)"),
            ],
        ],
    },
    Words {
        path: "audit show",
        about: "Un evento completo, con lo que cambió",
        arguments: &[
            DSN_FILE,
            KEYCHAIN,
            &[
                ("id", "Número del evento, la última columna de `audit list`"),
                (
                    "time",
                    "Su fecha, exacta; solo hace falta si un registro adoptado dio el número dos veces",
                ),
            ],
        ],
    },
    Words {
        path: "audit count",
        about: "Cuántos eventos son",
        arguments: &[DSN_FILE, KEYCHAIN, FILTER],
    },
    Words {
        path: "audit stats",
        about: "Cuántos eventos por tipo, severidad, resultado, actor, empresa y demás, y a lo largo del tiempo",
        arguments: &[
            DSN_FILE,
            KEYCHAIN,
            FILTER,
            &[("buckets", "Tramos de tiempo, como máximo tantos")],
        ],
    },
    Words {
        path: "audit export",
        about: "Todo lo que muestra el filtro, como archivo",
        arguments: &[
            DSN_FILE,
            KEYCHAIN,
            FILTER,
            &[
                ("format", "Forma del archivo"),
                ("output", "Adónde; `-` es la salida estándar"),
                ("compress", "Comprimirlo con gzip"),
                ("force", "Reemplazar un archivo que ya existe"),
            ],
        ],
    },
    Words { path: "kit", about: "El kit de recuperación", arguments: &[] },
    Words {
        path: "kit new",
        about: "Hacer un kit nuevo, que reemplaza al anterior",
        arguments: &[KEYCHAIN, KIT_FILE],
    },
    Words {
        path: "doctor",
        about: "Averiguar qué falla: llavero, PostgreSQL propio y, si se indica una conexión, la base de datos",
        arguments: &[DSN_FILE, KEYCHAIN],
    },
];
