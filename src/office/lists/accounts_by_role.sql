-- list: accounts_by_role
-- title: 役割と支所ごとの利用者数
-- purpose: 年次の見直しで報告する取扱者数(OPS-013)
-- right: user.view
-- audit: output
-- column: role text 役割
-- column: branch text 支所
-- column: open_accounts count 有効
-- column: closed_accounts count 停止
select u.role, coalesce(b.name, u.branch), count(*) filter (where u.disabled = 0), count(*) filter (where u.disabled = 1)
from user_account u left join branch b on b.code = u.branch and {now b}
where {now u}
group by u.role, coalesce(b.name, u.branch)
order by 1, 2
