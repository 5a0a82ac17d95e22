-- list: accounts
-- title: 利用者の一覧
-- purpose: 役割・支所・雇用区分ごとの点検に使います(OPS-013)
-- right: user.view
-- audit: output
-- column: sign_in_name text サインイン名
-- column: full_name text 氏名
-- column: role text 役割
-- column: branch text 支所
-- column: employment text 雇用区分
-- column: expires_ymd day? 有効期限
-- column: disabled flag 停止
-- column: signed_in_us time? 最後のサインイン
-- param: role text? 役割(空は全部)
select u.sign_in_name, u.full_name, u.role, coalesce(b.name, u.branch), u.employment, u.expires_ymd, u.disabled, s.signed_in_us
from user_account u
join user_secret s on s.user_id = u.user_id
left join branch b on b.code = u.branch and {now b}
where {now u} and ($role is null or u.role = $role)
order by u.role, u.sign_in_name
