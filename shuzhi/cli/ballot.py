"""``shuzhi ballot verify``: recount an evaluation from its count proof; needs neither an instance nor a database."""

import argparse
from pathlib import Path

from shuzhi.ballots.codes import plain
from shuzhi.ballots.proof import Proof, check
from shuzhi.cli import say
from shuzhi.kernel.chain import digest
from shuzhi.kernel.measure import say as printed


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    ballot = commands.add_parser("ballot", help="民主测评：凭计票文件重新计票")
    parts = ballot.add_subparsers(dest="part", metavar="做什么", required=True)
    verify = parts.add_parser("verify", help="重新计票，核对计票文件")
    verify.add_argument("proof", type=Path, help="计票文件")
    verify.add_argument("--receipt", default="", help="再看这个回执在不在清单里")
    verify.add_argument("--json", action="store_true", help="输出 JSON")
    verify.set_defaults(run=_verify)


def _verify(arguments: argparse.Namespace) -> int:
    raw = arguments.proof.read_bytes()
    found = check(raw)
    if found:
        if arguments.json:
            say.as_json({"findings": [finding.as_json() for finding in found]})
        else:
            print(f"计票文件不对，共 {len(found)} 处：")
            say.findings(found)
        return 3
    proof = Proof.read(raw)
    seal = digest(raw, proof.algorithm)
    listed = plain(arguments.receipt) in {plain(receipt) for receipt in proof.receipts}
    if arguments.json:
        told = {"seal": seal, "findings": [], "results": proof.data()["results"]}
        say.as_json({**told, "receipt": listed} if arguments.receipt else told)
    else:
        _tell(proof, seal)
        if arguments.receipt:
            print(f"回执 {arguments.receipt} {'在' if listed else '不在'}回执清单里。")
    return 0 if listed or not arguments.receipt else 1


def _tell(proof: Proof, seal: str) -> None:
    """The turnout and the scores, counted anew."""
    print(f"{proof.title}（{proof.unit}，{proof.day}）：重新计票相符。\n封存摘要 {seal}")
    say.table(
        [
            ("类别", "应到", "实到", "发出", "收回"),
            *(
                (f"{row.group}类", row.expected, row.attended, row.issued, row.returned)
                for row in proof.turnout
            ),
        ]
    )
    merged = ["、".join(cell) for cell in proof.count.cells if len(cell) > 1]
    if merged:
        print(f"合并计票的类别：{'；'.join(merged)}")
    rows = [
        (result.question.target.label, printed(result.score * 100, 2))
        for result in proof.results()
        if result.score is not None
    ]
    if rows:
        say.table([("测评对象", "得分"), *rows])
    else:
        print(f"有效票不足 {proof.paper.smallest} 张，没有留存结果。")
