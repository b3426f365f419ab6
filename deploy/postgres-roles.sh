#!/bin/sh
# Run by the postgres image on an empty volume: the owner of the tables, the role of the site, and the database.
set -eu
psql --no-psqlrc -v ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres \
  -v owner_password="$LRM_OWNER_PASSWORD" -v app_password="$LRM_APP_PASSWORD" <<'SQL'
CREATE ROLE lrm_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE lrm_app LOGIN PASSWORD :'app_password';
CREATE DATABASE lrm OWNER lrm_owner;
SQL
