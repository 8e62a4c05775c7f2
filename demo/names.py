"""Names nobody bears: people called 子虚 and 乌有, companies of no place, so that no one is meant."""

_FAMILY = "顾程沈陆苏叶秦温岳穆霍简楚尹蓝裴阮谷闻骆"
_GIVEN = (
    "子虚",
    "乌有",
    "亡是",
    "虚舟",
    "拟云",
    "试墨",
    "样青",
    "设言",
    "如梦",
    "例行",
    "非真",
    "作雾",
    "假途",
    "喆明",
    "堃元",
    "祎文",
    "镕川",
)
_BRAND = (
    "澜山",
    "云岫",
    "青禾",
    "石斛",
    "望溪",
    "霁川",
    "白鹭",
    "松坞",
    "禾塘",
    "杏渚",
    "鹤汀",
    "明澜",
    "柳渡",
    "远岚",
    "拾穗",
    "听泉",
)
_TRADE = {
    "制造": ("机械制造", "新材料", "电子科技", "纺织服装", "食品加工", "竹木制品", "汽车零部件", "生物医药"),
    "批发": ("商贸", "粮油贸易", "建材贸易", "供应链"),
    "零售": ("超市", "百货", "家电连锁", "电子商务"),
    "住宿餐饮": ("酒店管理", "餐饮服务"),
    "农林牧渔": ("农业发展", "茶业", "果业", "中药材"),
    "文化旅游": ("文化旅游", "旅游开发"),
}


def person(number: int) -> str:
    """The ``number``-th person; the first few hundred are all different."""
    return _FAMILY[number * 7 % len(_FAMILY)] + _GIVEN[number * 7 % len(_GIVEN)]


def company(number: int, industry: str) -> str:
    """The ``number``-th company of an industry."""
    trades = _TRADE[industry]
    brand = _BRAND[(number * 5 + number // len(_BRAND)) % len(_BRAND)]
    mark = "" if number < len(_BRAND) else "一二三四五六七八九"[(number // len(_BRAND) - 1) % 9]
    return f"明澜{brand}{mark}{trades[number % len(trades)]}有限公司"


INDUSTRIES = tuple(_TRADE)
