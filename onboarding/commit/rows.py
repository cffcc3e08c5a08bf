"""The committable rows of a load as typed values: what the statements of a commit read instead of records."""

from typing import Any, Final

# Null = the file does not say: what is known stays. Sex, day and place of birth of a payer are those of the code.
_ROWS: Final = """
CREATE TEMPORARY TABLE roster_row ON COMMIT DROP AS
SELECT staged.line, told.legacy_id, told.child_fiscal_code, told.child_surname AS child_family_name,
       told.child_given_name, told.sex AS child_sex, told.birth_date AS child_birth_date,
       told.birth_place AS child_birthplace, told.address, told.cap AS postal_code,
       coalesce(staged.record ->> 'residence', staged.beside ->> 'residence') AS residence_code,
       told.school_code, told.class_year, told.section,
       CASE WHEN told.diet LIKE '%%:%%' THEN split_part(told.diet, ':', 1) END AS diet_kind,
       CASE WHEN told.diet LIKE '%%:%%' THEN split_part(told.diet, ':', 2) END AS diet_code,
       round(told.isee * 100)::bigint AS isee_cents, told.payer_fiscal_code,
       coalesce(told.payer_surname, staged.beside ->> 'payer_surname') AS payer_family_name,
       coalesce(told.payer_given_name, staged.beside ->> 'payer_given_name') AS payer_given_name,
       CASE WHEN born.day IS NOT NULL THEN CASE WHEN born.day > 40 THEN 'F' ELSE 'M' END END AS payer_sex,
       CASE WHEN born.day %% 40 BETWEEN 1 AND 31 AND born.month > 0
             AND born.day %% 40 <= extract(day FROM make_date(born.year, born.month, 1) + interval '1 month - 1 day')
            THEN make_date(born.year, born.month, born.day %% 40) END AS payer_birth_date,
       CASE WHEN born.day IS NOT NULL THEN substr(told.payer_fiscal_code, 12, 1)
            || translate(substr(told.payer_fiscal_code, 13, 3), 'LMNPQRSTUV', '0123456789') END AS payer_birthplace,
       told.phone, told.email, round(told.balance * 100)::bigint AS balance_cents
FROM onboarding_stagedrow staged
CROSS JOIN LATERAL jsonb_to_record(staged.record) AS told(
    legacy_id text, child_fiscal_code text, child_surname text, child_given_name text, sex text, birth_date date,
    birth_place text, address text, cap text, school_code text, class_year smallint, section text, diet text,
    isee numeric, payer_fiscal_code text, payer_surname text, payer_given_name text, phone text, email text,
    balance numeric)
LEFT JOIN LATERAL (
    SELECT digits.day, position(substr(told.payer_fiscal_code, 9, 1) IN 'ABCDEHLMPRST') AS month,
           CASE WHEN 2000 + digits.year > extract(year FROM %(effective)s::date) THEN 1900 ELSE 2000 END + digits.year
               AS year
    FROM (SELECT translate(substr(told.payer_fiscal_code, 10, 2), 'LMNPQRSTUV', '0123456789')::int AS day,
                 translate(substr(told.payer_fiscal_code, 7, 2), 'LMNPQRSTUV', '0123456789')::int AS year) digits
) born ON told.payer_fiscal_code ~ '^[A-Z]{6}[0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z]$'
WHERE staged.load_id = %(load)s AND staged.verdict IN ('good', 'fix') AND told.child_fiscal_code IS NOT NULL
"""


def type_rows(cursor: Any, values: dict[str, object]) -> int:
    """Fill `roster_row`; returns how many rows it has. Any: psycopg's cursor behind Django's wrapper."""
    cursor.execute("DROP TABLE IF EXISTS pg_temp.roster_row")
    cursor.execute(_ROWS, values)
    rows = int(cursor.rowcount)
    cursor.execute("ANALYZE roster_row (child_fiscal_code, payer_fiscal_code, school_code, class_year, section)")
    return rows
