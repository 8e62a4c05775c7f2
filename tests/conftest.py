"""What all tests stand on: an instance folder of their own, and the marks for what needs system software."""

import os
import shutil
import tempfile
from pathlib import Path

import django
import pytest
from django.conf import settings

from tests.cluster import cluster, spark

__all__ = ["cluster", "spark"]

#: mark → (variable that says where it is, what it is)
NEEDS = {
    "postgres": ("SHUZHI_TEST_POSTGRES", "PostgreSQL"),
    "browser": ("SHUZHI_TEST_CHROMIUM", "Chromium"),
    "office": ("SHUZHI_TEST_SOFFICE", "LibreOffice"),
    "spark": ("SHUZHI_TEST_JAVA", "Java"),
}

if settings.configured:
    raise pytest.UsageError(
        "设置已被提前读入，测试会碰到真实的实例：请取消环境变量 DJANGO_SETTINGS_MODULE 后再运行"
    )

#: The packages that know no Django; `pytest tests/kernel` proves it.
CELLAR = {"kernel", "prose", "figures"}

# Before anything reads the settings: no test may touch a real instance or a real database, whatever the shell
# it is started from says. With SHUZHI_TEST_ON=postgres the account tests run on the test server instead of SQLite.
for _name in [
    name for name in os.environ if name.startswith("SHUZHI_") and not name.startswith("SHUZHI_TEST_")
]:
    del os.environ[_name]
HOME = Path(tempfile.mkdtemp(prefix="shuzhi-tests-"))
os.environ["SHUZHI_HOME"] = str(HOME)
os.environ["DJANGO_SETTINGS_MODULE"] = "shuzhi.settings"
if os.environ.get("SHUZHI_TEST_ON") == "postgres":
    os.environ["SHUZHI_DATABASE"] = os.environ["SHUZHI_TEST_POSTGRES"]
    # A pool keeps what a thread gave back open, and the test database could not be dropped at the end.
    os.environ["SHUZHI_DATABASE_POOL"] = "0"


def pytest_configure(config: pytest.Config) -> None:
    """Set Django up, unless only the cellar is tested: what lies under the Django line must run without it."""
    asked = [set(Path(argument.split("::")[0]).parts) for argument in config.args]
    if not all(parts & CELLAR for parts in asked):
        django.setup()


def pytest_unconfigure() -> None:
    """Take the tests' own instance folder away."""
    shutil.rmtree(HOME, ignore_errors=True)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip by name what the machine cannot run, and mark every test that uses the database as such."""
    for item in items:
        for mark, (variable, what) in NEEDS.items():
            if item.get_closest_marker(mark) and not os.environ.get(variable):
                reason = f"没有 {what}：未设 {variable}（./dev test 会安装并设好）"
                item.add_marker(pytest.mark.skip(reason=reason))
        fixtures = set(getattr(item, "fixturenames", ()))
        if fixtures & {"db", "transactional_db", "live_server"} and not item.get_closest_marker("django_db"):
            item.add_marker(pytest.mark.django_db)
