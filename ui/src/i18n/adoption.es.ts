// Lo que la inspección encuentra y los pasos de preparar una base de datos.
export default {
  finding: {
    hash_unusable: {
      title: 'Contraseñas que no sirven para entrar',
      text: 'El valor guardado no es un hash reconocible. Esas personas no pueden iniciar sesión hasta recibir una contraseña nueva.',
    },
    hash_cheap: {
      title: 'Contraseñas protegidas con poco esfuerzo',
      text: 'El coste de su bcrypt está por debajo de 12. Se reforzarán cuando cada persona vuelva a entrar.',
    },
    email_case_duplicates: {
      title: 'Correos que solo difieren en mayúsculas',
      text: 'Podrían ser la misma persona. Se dejan como están; decida usted cuál queda.',
    },
    event_without_tenant: {
      title: 'Eventos sin empresa',
      text: 'Se conservan como eventos del sistema, visibles solo para quien audita todo. La empresa no se adivina.',
    },
    event_payload_not_object: {
      title: 'Eventos con datos en otra forma',
      text: 'Su contenido es una lista o un valor suelto. Se conserva tal cual, aunque no se puede filtrar por sus campos.',
    },
    event_ip_unreadable: {
      title: 'Eventos con una IP que no lo es',
      text: 'Por ejemplo «unknown». El texto original se conserva; la columna IP queda vacía.',
    },
    event_future: {
      title: 'Eventos con fecha futura',
      text: 'Se conservan con su fecha y quedan marcados como sospechosos.',
    },
    event_ancient: { title: 'Eventos con fecha anterior a 2000', text: 'Conservan su fecha.' },
    index_missing: {
      title: 'Faltan índices documentados',
      text: 'No están, o tienen otro nombre. La adopción crea los que Atalaya necesita.',
    },
    events_taken_along: {
      title: 'Borrar en otra tabla se lleva eventos',
      text: 'Una clave foránea del registro borra o vacía eventos. Desde ahora un registro conserva sus eventos. Al deshacer, la clave vuelve.',
    },
    credential_plaintext: {
      title: 'Credenciales sin cifrar',
      text: 'Están en texto plano. La adopción no las cambia; conviene cifrarlas después.',
    },
    credential_not_a_token: {
      title: 'Credenciales que parecen cifradas y no lo son',
      text: 'Empiezan como un token Fernet pero no lo son. Se dejan como están.',
    },
    user_without_tenant: {
      title: 'Usuarios sin empresa',
      text: 'No reciben permisos hasta que usted les asigne una.',
    },
    role_unknown: {
      title: 'Roles que Atalaya no conoce',
      text: 'Esas personas conservan su rol en el CRM, pero no reciben permisos en Atalaya.',
    },
    role_superuser: {
      title: 'El usuario de base de datos es superusuario',
      text: 'La adopción se niega a trabajar así. Use un administrador con CREATEROLE.',
    },
    structure_conflict: {
      title: 'Algo en la base de datos impide continuar',
      text: 'La base tiene código o nombres propios donde Atalaya necesita certeza. Cada línea dice qué quitar o renombrar; después, vuelva a inspeccionar.',
    },
    missing_column: { title: 'Falta una columna', text: 'La tabla no tiene todas las columnas documentadas del CRM.' },
    extra_column: { title: 'Columnas adicionales', text: 'No están en la documentación. Se conservan sin cambios.' },
    missing_table: { title: 'Falta una tabla', text: 'Se creará vacía, con la forma documentada.' },
    other_table_with_tenant: {
      title: 'Otras tablas con datos por empresa',
      text: 'Son de otros módulos. Quedan como están, sin la protección por filas de Atalaya.',
    },
    occurred_at_missing: {
      title: 'Eventos sin fecha',
      text: 'Sin fecha no se pueden ordenar. Hay que decidir su fecha antes de seguir.',
    },
    constraint_missing: {
      title: 'Falta una restricción',
      text: 'La base no impide duplicados o referencias rotas donde la documentación lo pide.',
    },
    version_unsupported: {
      title: 'Versión de PostgreSQL demasiado antigua',
      text: 'Atalaya necesita PostgreSQL 15 o posterior.',
    },
    right_missing: {
      title: 'Falta un derecho',
      text: 'Uno de los dos usuarios no puede hacer lo que la adopción necesita. Corríjalo y vuelva a inspeccionar.',
    },
    roles_of_another: {
      title: 'Otro administrador hizo los roles de Atalaya en este servidor',
      text: 'Desde PostgreSQL 16, CREATEROLE solo vale para los roles propios. Que ese administrador, o un superusuario, ejecute la sentencia de abajo; luego inspeccione otra vez.',
    },
    connect_will_be_revoked: {
      title: 'Otros usuarios dejarán de poder conectarse',
      text: 'Hoy cualquiera del servidor puede abrir esta base. Después solo podrán los usuarios autorizados y el CRM.',
    },
    event_id_duplicates: {
      title: 'Eventos que comparten su número',
      text: 'Dos eventos tienen el mismo id y no se pueden distinguir. Deles números propios e inspeccione otra vez.',
    },
    credential_duplicates: {
      title: 'Credenciales con el mismo nombre en la misma empresa',
      text: 'Solo puede quedar una. Las otras se guardan aparte y vuelven si deshace la adopción.',
    },
    event_time_missing: {
      title: 'Eventos sin fecha',
      text: 'Sin fecha no tienen lugar en el registro. Se guardan aparte.',
    },
    event_time_column: {
      title: 'El registro usa created_at en lugar de occurred_at',
      text: 'La columna toma su nombre documentado. Las sentencias del CRM que nombran created_at en el registro dejarán de funcionar: cámbielas a occurred_at.',
    },
    severity_unknown: {
      title: 'Severidades que aquí no significan nada',
      text: 'El registro conoce info, warning y critical. La palabra original se guarda aparte.',
    },
    severity_other: {
      title: 'Severidades con otro nombre',
      text: 'Pasan a info, warning o critical, también en lo que el CRM escriba desde ahora. La palabra original se guarda aparte.',
    },
    tenant_dangling: {
      title: 'Eventos de empresas que no existen',
      text: 'Desde ahora pertenecen al sistema. Su número se guarda aparte.',
    },
    credential_without_tenant: {
      title: 'Credenciales sin empresa',
      text: 'Se quedan. Solo las verá quien ve todas las empresas.',
    },
    lead_without_tenant: {
      title: 'Leads sin empresa',
      text: 'Se quedan. Solo los verá quien ve todas las empresas.',
    },
    app_login: {
      title: 'El CRM también trabaja con usuarios que no son dueños de sus tablas',
      text: 'Siguen con las sentencias documentadas, como el dueño; sus filas se marcan como del CRM. Deshacer la adopción les devuelve sus permisos propios.',
    },
    app_login_partial: {
      title: 'Usuarios que podrían ser el programa del CRM',
      text: 'Pueden ejecutar las sentencias documentadas. Si siguen, ganan lo que el dueño conserva sobre tenants, users, leads y credentials.',
    },
    app_login_some: {
      title: 'Usuarios que ejecutan algunas de las sentencias documentadas',
      text: 'Lo que solo escribe eventos, o solo lee, suele ser parte del CRM. Si siguen, ganan lo que conserva el dueño; si no, estas sentencias se detienen.',
    },
    app_login_public: {
      title: 'Usuarios que trabajan aquí solo porque todos pueden',
      text: 'No tienen permisos propios (los tiene PUBLIC), y ya nadie trabajará aquí por esa razón. Los que son del CRM pueden seguir como su dueño.',
    },
    giver_lost: {
      title: 'Permisos que alguien transmitió',
      text: 'Al deshacer vuelven a estar, pero dados por el dueño: este administrador no puede actuar como quien los dio. Con ADMIN sobre ese usuario podría.',
    },
    app_login_unbound: {
      title: 'Un usuario del CRM al que ninguna regla obligaría',
      text: 'Se salta la seguridad por filas (BYPASSRLS) o no usa sus roles (NOINHERIT). Un DBA debe cambiarlo; después inspeccione otra vez.',
    },
    other_rights: {
      title: 'Otros usuarios tienen permisos sobre estas tablas',
      text: 'Los perderán. Deshacer la adopción los devuelve.',
    },
    published_log: {
      title: 'El registro se replica con una publicación',
      text: 'El registro pasa a ser una tabla particionada y su publicación no recibe eventos nuevos. Un DBA debe ejecutar después ALTER PUBLICATION … ADD TABLE public.system_events.',
    },
    managed_server: {
      title: 'El servidor es de un servicio gestionado',
      text: 'Su usuario más alto no es superusuario, y basta.',
    },
    dropped_column_rights: {
      title: 'Una columna borrada aún lleva permisos',
      text: 'Postgres no puede quitarlos. Un DBA debe copiar la tabla en una nueva; después inspeccione otra vez.',
    },
    unknown: { title: 'Otra observación', text: 'Esta versión no tiene una explicación para ella.' },
  },
  statement: {
    event_insert: 'Escribir un evento (4.1)',
    log_read: 'Leer el registro (4.4)',
    credential_upsert: 'Guardar una credencial con ON CONFLICT (tenant_id, name)',
    credential_update: 'Cifrar las credenciales que ya están (2.3)',
    leads_read: 'Leer leads por empresa (3.3)',
    rows_of_tables: 'Insertar, cambiar y borrar filas de tenants, users, leads y credentials',
    ddl: 'CREATE, ALTER o DROP al arrancar el programa: que lo omita, o que lo ejecute un DBA',
    event_change: 'UPDATE o DELETE en system_events: un registro no se cambia; guarde esas marcas en una tabla propia',
    event_time_null: 'Un NULL explícito en occurred_at: omita la columna',
    event_id_given: 'Un id propio para un evento: omítalo',
    event_on_conflict: 'ON CONFLICT (id) en system_events: un INSERT simple hace lo mismo',
    truncate: 'TRUNCATE: use DELETE',
    event_created_at: 'Sentencias que nombran created_at en system_events: escriba occurred_at',
    credential_same_name:
      'Una segunda credencial con el mismo nombre en una empresa: use ON CONFLICT (tenant_id, name) DO UPDATE',
  },
  choice: {
    app_login_partial: { admit: 'Son del CRM y siguen', leave: 'Pierden sus permisos aquí' },
    app_login_some: { admit: 'Son del CRM y siguen', leave: 'Pierden sus permisos aquí' },
    app_login_public: { admit: 'Son del CRM y siguen', leave: 'Pierden sus permisos aquí' },
    credential_duplicates: { newest: 'Dejar la más nueva', oldest: 'Dejar la más antigua' },
    event_time_missing: { set_aside: 'Guardarlos aparte' },
    event_time_column: { rename: 'Darle a la columna su nombre documentado' },
    severity_unknown: { info: 'Son informativas', warning: 'Son avisos', critical: 'Son críticas' },
  },
  findingSeverity: { info: 'Para saber', warning: 'A revisar', blocking: 'Impide seguir' },
  action: { keep: 'queda igual', extend: 'gana columnas', partition: 'se divide por meses', leave: 'no se toca' },
  difference: { missing: 'falta {{what}}', extra: 'adicional: {{what}}', type: 'otro tipo: {{what}}' },
  lock: {
    none: 'no lo nota',
    brief: 'espera milisegundos',
    exclusive: 'quien escribe espera mientras se leen filas',
  },
  step: {
    find_binaries: 'Buscar PostgreSQL en este equipo',
    make_cluster: 'Crear el almacén de datos privado',
    start: 'Iniciar PostgreSQL',
    create_database: 'Crear la base de datos',
    roles: 'Crear los roles de acceso',
    ownership: 'Pasar las tablas a su nuevo dueño',
    prepare: 'Añadir columnas mientras el CRM trabaja',
    indexes: 'Indexar los eventos existentes',
    migrations: 'Preparar las tablas y sus reglas',
    legacy_login: 'Dar al CRM existente solo lo que necesita',
    backfill: 'Completar los eventos existentes',
    grants: 'Convertir los roles en permisos',
    verify: 'Comprobar que no falta nada',
    revert_logins: 'Cerrar los usuarios de la consola',
    revert_indexes: 'Reconstruir los índices propios del registro',
    revert: 'Devolver las tablas',
    revert_rights: 'Devolver sus permisos a los usuarios del CRM',
    finish_rights: 'Quitar lo que los usuarios del CRM pueden aquí',
    finish_logins: 'Sacar a los usuarios del CRM de su grupo',
    sample_data: 'Añadir los datos de ejemplo',
    administrator: 'Crear el primer administrador',
    secrets: 'Generar y cifrar los secretos',
    secrets_skipped: 'Secretos que no se pudieron abrir; el evento del kit los nombra',
    kit: 'Activar el kit de recuperación',
    keychain: 'Guardar su llave en el llavero',
  },
}
